import * as torch from 'tandem-torch';
import { Module, Parameter, Tensor } from 'tandem-torch/internal';
import type { NDArray } from '../arrays';
import { ProgramError } from './loader';
import { libraryClass, nameModules, recorder } from './torch-recorder';
import { arrayOf, snake } from './values';

type Exports = Record<string, unknown>;

interface Group {
  readonly params: readonly Tensor[];
  readonly [setting: string]: unknown;
}

/** A setting as JSON; undefined for values that JSON can't hold. */
function simple(value: unknown): unknown {
  if (value === null || ['number', 'string', 'boolean'].includes(typeof value)) return value;
  if (Array.isArray(value)) return value.map(simple);
  return undefined;
}

const settings = (of: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(of).flatMap(([name, value]) => {
      const own = simple(value);
      return own === undefined || name === 'training' ? [] : [[snake(name), own]];
    }),
  );

/** A PyTorch program in TypeScript: what it is made of, and the calls of its model. */
export class TorchProgram {
  readonly model: Module;
  readonly loss: unknown;
  readonly optimizer: { paramGroups: Group[]; step(): unknown; zeroGrad(): void } | undefined;
  private readonly names: ReadonlyMap<Tensor, string>;
  private readonly start: ReadonlyMap<string, Tensor>;

  constructor(exported: Exports, path: string) {
    const { model } = exported;
    if (!(model instanceof Module)) {
      throw new ProgramError(
        model === undefined
          ? 'it exports no `model`: export the nn.Module under that name'
          : `\`model\` must be an nn.Module, it is a ${(model as object)?.constructor?.name ?? typeof model}`,
        path,
      );
    }
    this.model = model;
    this.loss = exported.loss ?? exported.criterion;
    this.optimizer = exported.optimizer as TorchProgram['optimizer'];
    nameModules(model);
    const tensors = [...model.namedParameters(), ...model.namedBuffers()];
    this.names = new Map(tensors.map(([name, tensor]) => [tensor, name]));
    this.start = new Map(tensors.map(([name, tensor]) => [name, tensor.detach().clone()]));
  }

  /** What Python needs to build the same model, optimizer and loss. */
  describe(): { result: Record<string, unknown>; arrays: Map<string, NDArray> } {
    const arrays = new Map<string, NDArray>();
    for (const [name, tensor] of this.start) arrays.set(`start:${name}`, arrayOf(tensor));
    const modules = [...this.model.namedModules()].map(([path, module]) =>
      this.module(path, module),
    );
    const { loss, optimizer } = this;
    return {
      result: {
        framework: 'torch',
        version: torch.__version__,
        model: this.model.constructor.name,
        modules,
        weights: [...this.names].map(([tensor, name]) => ({
          name,
          dtype: tensor.dtype,
          parameter: tensor instanceof Parameter,
          trainable: tensor.requiresGrad,
        })),
        optimizer: optimizer
          ? {
              type: optimizer.constructor.name,
              groups: optimizer.paramGroups.map(({ params, ...group }) => ({
                ...settings(group),
                weights: params.map((tensor) => this.names.get(tensor) ?? null),
              })),
            }
          : null,
        loss: this.describeLoss(loss, arrays),
        scheduler: null,
      },
      arrays,
    };
  }

  private module(path: string, module: Module) {
    const state: Record<string, string | undefined> = {};
    const prefix = path ? `${path}.` : '';
    for (const [name, tensor] of [...module.ownParameters(), ...module.ownBuffers()])
      state[name] = this.names.get(tensor) ?? `${prefix}${name}`;
    return {
      path,
      type: libraryClass(module) ?? null,
      name: module.constructor.name,
      config: settings(module),
      state,
    };
  }

  private describeLoss(loss: unknown, arrays: Map<string, NDArray>) {
    if (loss === undefined || loss === null) return null;
    if (!(loss instanceof Module)) {
      if (typeof loss === 'function') return { type: loss.name || 'loss', function: true };
      throw new ProgramError(
        '`loss` must be a loss of torch.nn or a function of output and target',
      );
    }
    const type = libraryClass(loss);
    if (!type) return { type: loss.constructor.name, function: true };
    for (const [name, value] of Object.entries(loss))
      if (value instanceof Tensor) arrays.set(`loss:${snake(name)}`, arrayOf(value));
    for (const [name, buffer] of loss.namedBuffers()) arrays.set(`loss:${name}`, arrayOf(buffer));
    return { type, function: false, config: settings(loss) };
  }

  private restore(): void {
    torch.noGrad(() => {
      for (const [tensor, name] of this.names) tensor.copy_(this.start.get(name)!);
    });
  }

  /** The calls of a forward pass, in evaluation or in training. */
  record(training: boolean, inputs: readonly Tensor[]) {
    this.restore();
    this.model.train(training);
    try {
      return torch.noGrad(() =>
        recorder.record(inputs, this.names, () =>
          (this.model as unknown as { call(...x: Tensor[]): unknown }).call(...inputs),
        ),
      );
    } finally {
      this.restore();
    }
  }

  /** The calls of the loss, with output and target for inputs. */
  recordLoss(output: Tensor, target: Tensor) {
    return torch.noGrad(() =>
      recorder.record([output, target], this.names, () => this.lossOf(output, target)),
    );
  }

  private lossOf(output: unknown, target: Tensor): Tensor {
    const { loss } = this;
    return loss instanceof Module
      ? (loss as unknown as { call(a: unknown, b: Tensor): Tensor }).call(output, target)
      : (loss as (a: unknown, b: Tensor) => Tensor)(output, target);
  }

  /** What the program computes by itself: outputs, and the loss, gradients and weights of one step. */
  run(inputs: readonly Tensor[], target: Tensor | undefined, weights: ReadonlyMap<string, Tensor>) {
    const arrays = new Map<string, NDArray>();
    torch.noGrad(() => {
      for (const [tensor, name] of this.names) tensor.copy_(weights.get(name)!);
    });
    const forward = () =>
      (this.model as unknown as { call(...x: Tensor[]): unknown }).call(...inputs);
    this.model.eval();
    const outputs = [torch.noGrad(forward)].flat(Number.POSITIVE_INFINITY);
    outputs.forEach((tensor, i) => {
      if (tensor instanceof Tensor) arrays.set(`output:${i}`, arrayOf(tensor));
    });
    let loss: number | undefined;
    if (target && this.loss) {
      this.model.train();
      for (const [tensor] of this.names) tensor.grad = null;
      let value = this.lossOf(forward(), target);
      if (value.ndim > 0) value = value.mean();
      loss = value.item() as number;
      value.backward();
      this.optimizer?.step();
      for (const [tensor, name] of this.names) arrays.set(`weight:${name}`, arrayOf(tensor));
    }
    this.restore();
    return { result: { loss }, arrays };
  }
}
