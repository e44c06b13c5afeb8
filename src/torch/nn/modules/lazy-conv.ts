import { type Args, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import { UninitializedParameter } from '../lazy-tensors';
import { shapeText } from '../repr';
import type { Size } from '../sizes';
import { Conv1d, Conv2d, Conv3d } from './conv';
import type { ConvBase, ConvOptions, ConvTransposeOptions } from './conv-base';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './conv-transpose';
import { hasUninitializedParams, initializeLater, type LazyMembers } from './lazy';

interface Needed<N extends number> {
  outChannels: number;
  kernelSize: Size<N>;
}
type Settings = Needed<number> & Pick<ConvOptions<number>, 'bias' | 'dtype' | 'device'>;

type ConvClass = new (settings: object) => Conv1d;

/** A convolution that learns `inChannels` from its first input (`torch.nn.modules.conv._LazyConvXdMixin`). */
function lazy<C extends ConvBase>(
  Conv: { prototype: C },
  transposed = false,
): new (
  settings: Settings,
) => C & LazyMembers {
  class LazyConv extends (Conv as unknown as ConvClass) {
    constructor({ outChannels, bias, ...settings }: Settings) {
      super({ ...settings, inChannels: 0, outChannels: 0, bias: false });
      const { dtype, device } = settings;
      this.weight = new UninitializedParameter(true, { dtype, device });
      this.assign('outChannels', outChannels);
      if (bias) this.bias = new UninitializedParameter(true, { dtype, device });
      initializeLater(this, Conv);
    }

    hasUninitializedParams(): boolean {
      return hasUninitializedParams(this);
    }

    override resetParameters(): void {
      if (this.inChannels !== 0 && !this.hasUninitializedParams()) super.resetParameters();
    }

    initializeParameters(input: Tensor): void {
      if (!this.hasUninitializedParams()) return;
      const { outChannels, groups, kernelSize } = this;
      const channels = this.channelsOf(input);
      this.assign('inChannels', channels);
      if (channels % groups !== 0) {
        throw new TorchError('in_channels must be divisible by groups', 'ValueError');
      }
      const sizes = transposed
        ? [channels, Math.floor(outChannels / groups)]
        : [outChannels, channels / groups];
      (this.weight as UninitializedParameter).materialize([...sizes, ...kernelSize]);
      (this.bias as UninitializedParameter | null)?.materialize([outChannels]);
      this.resetParameters();
    }

    channelsOf({ shape }: Tensor): number {
      const single = this.kernelSize.length + 1;
      if (shape.length === single) return shape[0]!;
      if (shape.length === single + 1) return shape[1]!;
      throw new TorchError(
        `Expected ${single}D (unbatched) or ${single + 1}D (batched) input to ${this.constructor.name}, but got input of size: ${shapeText(shape)}`,
        'RuntimeError',
      );
    }
  }
  return LazyConv as never;
}

/** A {@link Conv1d} that learns `inChannels` from its first input, `[N, C, L]` or `[C, L]` (`torch.nn.LazyConv1d`). */
export class LazyConv1d extends lazy(Conv1d) {
  constructor(...args: Args<'LazyConv1d', Needed<1>, ConvOptions<1>>) {
    super(bind('LazyConv1d', args));
  }
}
/** A {@link Conv2d} that learns `inChannels` from its first input, `[N, C, H, W]` or `[C, H, W]` (`torch.nn.LazyConv2d`). */
export class LazyConv2d extends lazy(Conv2d) {
  constructor(...args: Args<'LazyConv2d', Needed<2>, ConvOptions<2>>) {
    super(bind('LazyConv2d', args));
  }
}
/** A {@link Conv3d} that learns `inChannels` from its first input, `[N, C, D, H, W]` or `[C, D, H, W]` (`torch.nn.LazyConv3d`). */
export class LazyConv3d extends lazy(Conv3d) {
  constructor(...args: Args<'LazyConv3d', Needed<3>, ConvOptions<3>>) {
    super(bind('LazyConv3d', args));
  }
}
/** A {@link ConvTranspose1d} that learns `inChannels` from its first input (`torch.nn.LazyConvTranspose1d`). */
export class LazyConvTranspose1d extends lazy(ConvTranspose1d, true) {
  constructor(...args: Args<'LazyConvTranspose1d', Needed<1>, ConvTransposeOptions<1>>) {
    super(bind('LazyConvTranspose1d', args));
  }
}
/** A {@link ConvTranspose2d} that learns `inChannels` from its first input (`torch.nn.LazyConvTranspose2d`). */
export class LazyConvTranspose2d extends lazy(ConvTranspose2d, true) {
  constructor(...args: Args<'LazyConvTranspose2d', Needed<2>, ConvTransposeOptions<2>>) {
    super(bind('LazyConvTranspose2d', args));
  }
}
/** A {@link ConvTranspose3d} that learns `inChannels` from its first input (`torch.nn.LazyConvTranspose3d`). */
export class LazyConvTranspose3d extends lazy(ConvTranspose3d, true) {
  constructor(...args: Args<'LazyConvTranspose3d', Needed<3>, ConvTransposeOptions<3>>) {
    super(bind('LazyConvTranspose3d', args));
  }
}
