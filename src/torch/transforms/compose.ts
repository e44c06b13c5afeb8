import { Module } from '../nn/module';
import type { Tensor } from '../tensor';

/** Transforms one after the other (`transforms.Compose`). */
export class Compose extends Module {
  constructor(readonly transforms: readonly Module[]) {
    super();
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
  constructor(readonly lambd: (images: Tensor) => Tensor) {
    super();
  }

  forward(images: Tensor): Tensor {
    return this.lambd(images);
  }
}
