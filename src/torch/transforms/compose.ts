import { type Args, bind } from '../arguments';
import { Module } from '../nn/module';
import type { Tensor } from '../tensor';

/** Transforms one after the other (`transforms.Compose`). */
export class Compose extends Module {
  readonly transforms: readonly Module[];
  constructor(...args: Args<'Compose', { transforms: readonly Module[] }>) {
    super();
    this.transforms = bind<{ transforms: readonly Module[] }>('Compose', args).transforms;
  }

  forward(images: Tensor): Tensor {
    return this.transforms.reduce<Tensor>((x, transform) => transform.call(x), images);
  }

  override toString(): string {
    return `Compose(\n${this.transforms.map((each) => `    ${each}\n`).join('')})`;
  }
}

/** A function as a transform (`transforms.Lambda`). */
export class Lambda extends Module {
  readonly lambd: (images: Tensor) => Tensor;
  constructor(...args: Args<'Lambda', { lambd: (images: Tensor) => Tensor }>) {
    super();
    this.lambd = bind<{ lambd: (images: Tensor) => Tensor }>('Lambda', args).lambd;
  }

  forward(images: Tensor): Tensor {
    return this.lambd(images);
  }
}
