import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { FractionalPoolOptions } from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { float } from '../repr';
import { expand, type Size } from '../sizes';
import type { Pooled } from './pooling';

interface Options<N extends number, Indices> extends FractionalPoolOptions<N> {
  returnIndices?: Indices;
}
type Settings<N extends number> = Bound<{ kernelSize: Size<N> }, Options<N, boolean>>;

/** The largest of windows that are drawn at random (Graham 2015). */
abstract class FractionalMaxPoolNd<N extends 2 | 3> extends Module {
  readonly kernelSize: Size<N>;
  readonly outputSize: Size<N> | null;
  readonly outputRatio: Size<N> | null;
  readonly returnIndices: boolean;
  readonly _randomSamples: Tensor | null = null;

  constructor(dims: N, settings: Settings<N>) {
    super();
    const { kernelSize, outputSize, outputRatio, returnIndices, _randomSamples } = settings;
    this.kernelSize = kernelSize;
    const fail = (message: string) => new TorchError(message, 'ValueError');
    if (dims === 3 && expand(kernelSize, 3).some((size) => size <= 0)) {
      throw fail(`kernel_size must be greater than 0, but got ${kernelSize}`);
    }
    if (outputSize === null && outputRatio === null) {
      throw fail(
        `FractionalMaxPool${dims}d requires specifying either an output size, or a pooling ratio`,
      );
    }
    if (outputSize !== null && outputRatio !== null) {
      throw fail('only one of output_size and output_ratio may be specified');
    }
    if (outputRatio !== null && !expand(outputRatio, dims).every((r) => r > 0 && r < 1)) {
      const given =
        typeof outputRatio === 'number'
          ? float(outputRatio)
          : `(${outputRatio.map(float).join(', ')})`;
      throw fail(`output_ratio must be between 0 and 1 (got ${given})`);
    }
    this.outputSize = outputSize;
    this.outputRatio = outputRatio;
    this.returnIndices = returnIndices;
    this.registerBuffer('_randomSamples', _randomSamples);
  }

  override stateName(property: string): string {
    return property === '_randomSamples' ? '_random_samples' : property;
  }

  protected get settings() {
    const { outputSize, outputRatio, returnIndices, _randomSamples } = this;
    return { outputSize, outputRatio, returnIndices: returnIndices as false, _randomSamples };
  }
}

/** Over `[N, C, H, W]` or `[C, H, W]` (`torch.nn.FractionalMaxPool2d`). */
export class FractionalMaxPool2d<Indices extends boolean = false> extends FractionalMaxPoolNd<2> {
  constructor(...args: Args<'FractionalMaxPool2d', { kernelSize: Size<2> }, Options<2, Indices>>) {
    super(2, bind('FractionalMaxPool2d', args));
  }
  forward(input: Tensor): Pooled<Indices> {
    return F.fractionalMaxPool2d(input, this.kernelSize, this.settings) as Pooled<Indices>;
  }
}
/** Over `[N, C, D, H, W]` or `[C, D, H, W]` (`torch.nn.FractionalMaxPool3d`). */
export class FractionalMaxPool3d<Indices extends boolean = false> extends FractionalMaxPoolNd<3> {
  constructor(...args: Args<'FractionalMaxPool3d', { kernelSize: Size<3> }, Options<3, Indices>>) {
    super(3, bind('FractionalMaxPool3d', args));
  }
  forward(input: Tensor): Pooled<Indices> {
    return F.fractionalMaxPool3d(input, this.kernelSize, this.settings) as Pooled<Indices>;
  }
}
