import { type Args, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { PadMode } from '../functional';
import { pad } from '../functional';
import { Module } from '../module';
import { float } from '../repr';
import { expand, tuple } from '../sizes';

/** Borders before and after each dimension, the last dimension first, or one number for all. */
type Borders<N extends 1 | 2 | 3> =
  | number
  | (N extends 1
      ? readonly [left: number, right: number]
      : N extends 2
        ? readonly [left: number, right: number, top: number, bottom: number]
        : readonly [
            left: number,
            right: number,
            top: number,
            bottom: number,
            front: number,
            back: number,
          ]);

interface Needed<N extends 1 | 2 | 3> {
  padding: Borders<N>;
}
interface ConstantNeeded<N extends 1 | 2 | 3> extends Needed<N> {
  value: number;
}

abstract class Pad extends Module {
  readonly padding: number[];
  constructor(
    readonly dims: 1 | 2 | 3,
    padding: number | readonly number[],
    private readonly mode: PadMode,
  ) {
    super();
    this.padding = expand(padding, 2 * dims);
  }
  forward(input: Tensor): Tensor {
    return pad(input, this.padding, this.mode);
  }
  override extraRepr(): string {
    return tuple(this.padding);
  }
}

/** Mirrors the input about its edges, `[N, C, L]` or `[C, L]` (`torch.nn.ReflectionPad1d`). */
export class ReflectionPad1d extends Pad {
  constructor(...args: Args<'ReflectionPad1d', Needed<1>>) {
    super(1, bind<Needed<1>>('ReflectionPad1d', args).padding, 'reflect');
  }
}
/** `[N, C, H, W]` or `[C, H, W]` (`torch.nn.ReflectionPad2d`). */
export class ReflectionPad2d extends Pad {
  constructor(...args: Args<'ReflectionPad2d', Needed<2>>) {
    super(2, bind<Needed<2>>('ReflectionPad2d', args).padding, 'reflect');
  }
}
/** `[N, C, D, H, W]` or `[C, D, H, W]` (`torch.nn.ReflectionPad3d`). */
export class ReflectionPad3d extends Pad {
  constructor(...args: Args<'ReflectionPad3d', Needed<3>>) {
    super(3, bind<Needed<3>>('ReflectionPad3d', args).padding, 'reflect');
  }
}

/** Repeats the edges, `[N, C, L]` or `[C, L]` (`torch.nn.ReplicationPad1d`). */
export class ReplicationPad1d extends Pad {
  constructor(...args: Args<'ReplicationPad1d', Needed<1>>) {
    super(1, bind<Needed<1>>('ReplicationPad1d', args).padding, 'replicate');
  }
}
/** `[N, C, H, W]` or `[C, H, W]` (`torch.nn.ReplicationPad2d`). */
export class ReplicationPad2d extends Pad {
  constructor(...args: Args<'ReplicationPad2d', Needed<2>>) {
    super(2, bind<Needed<2>>('ReplicationPad2d', args).padding, 'replicate');
  }
}
/** `[N, C, D, H, W]` or `[C, D, H, W]` (`torch.nn.ReplicationPad3d`). */
export class ReplicationPad3d extends Pad {
  constructor(...args: Args<'ReplicationPad3d', Needed<3>>) {
    super(3, bind<Needed<3>>('ReplicationPad3d', args).padding, 'replicate');
  }
}

/** Wraps around to the other edge. */
abstract class CircularPad extends Pad {
  constructor(dims: 1 | 2 | 3, padding: number | readonly number[]) {
    super(dims, padding, 'circular');
  }
  override forward(input: Tensor): Tensor {
    const { dims } = this;
    if (input.ndim !== dims + 1 && input.ndim !== dims + 2) {
      throw new TorchError(
        `expected ${dims + 1}D or ${dims + 2}D input (got ${input.ndim}D input)`,
        'ValueError',
      );
    }
    return super.forward(input);
  }
}
/** `[N, C, L]` or `[C, L]` (`torch.nn.CircularPad1d`). */
export class CircularPad1d extends CircularPad {
  constructor(...args: Args<'CircularPad1d', Needed<1>>) {
    super(1, bind<Needed<1>>('CircularPad1d', args).padding);
  }
}
/** `[N, C, H, W]` or `[C, H, W]` (`torch.nn.CircularPad2d`). */
export class CircularPad2d extends CircularPad {
  constructor(...args: Args<'CircularPad2d', Needed<2>>) {
    super(2, bind<Needed<2>>('CircularPad2d', args).padding);
  }
}
/** `[N, C, D, H, W]` or `[C, D, H, W]` (`torch.nn.CircularPad3d`). */
export class CircularPad3d extends CircularPad {
  constructor(...args: Args<'CircularPad3d', Needed<3>>) {
    super(3, bind<Needed<3>>('CircularPad3d', args).padding);
  }
}

abstract class ConstantPad extends Pad {
  readonly value: number;
  constructor(dims: 1 | 2 | 3, { padding, value }: ConstantNeeded<1 | 2 | 3>) {
    super(dims, padding, 'constant');
    this.value = value;
  }
  override forward(input: Tensor): Tensor {
    return pad(input, this.padding, 'constant', this.value);
  }
  override extraRepr(): string {
    return `padding=${tuple(this.padding)}, value=${float(this.value)}`;
  }
}
/** A border of one value around the last dimension of any input (`torch.nn.ConstantPad1d`). */
export class ConstantPad1d extends ConstantPad {
  constructor(...args: Args<'ConstantPad1d', ConstantNeeded<1>>) {
    super(1, bind('ConstantPad1d', args));
  }
}
/** Around the last two dimensions (`torch.nn.ConstantPad2d`). */
export class ConstantPad2d extends ConstantPad {
  constructor(...args: Args<'ConstantPad2d', ConstantNeeded<2>>) {
    super(2, bind('ConstantPad2d', args));
  }
}
/** Around the last three dimensions (`torch.nn.ConstantPad3d`). */
export class ConstantPad3d extends ConstantPad {
  constructor(...args: Args<'ConstantPad3d', ConstantNeeded<3>>) {
    super(3, bind('ConstantPad3d', args));
  }
}

/** A border of zeros around the last dimension of any input (`torch.nn.ZeroPad1d`). */
export class ZeroPad1d extends Pad {
  constructor(...args: Args<'ZeroPad1d', Needed<1>>) {
    super(1, bind<Needed<1>>('ZeroPad1d', args).padding, 'constant');
  }
}
/** Around the last two dimensions (`torch.nn.ZeroPad2d`). */
export class ZeroPad2d extends Pad {
  constructor(...args: Args<'ZeroPad2d', Needed<2>>) {
    super(2, bind<Needed<2>>('ZeroPad2d', args).padding, 'constant');
  }
}
/** Around the last three dimensions (`torch.nn.ZeroPad3d`). */
export class ZeroPad3d extends Pad {
  constructor(...args: Args<'ZeroPad3d', Needed<3>>) {
    super(3, bind<Needed<3>>('ZeroPad3d', args).padding, 'constant');
  }
}
