import type * as Tfjs from '@tensorflow/tfjs-node';
import type { NDArray } from '../arrays';
import { ProgramError } from './loader';
import { lossByName, lossOf } from './tfjs-loss';
import { given, snake } from './values';

type Exports = Record<string, unknown>;
type Tf = typeof Tfjs;

interface Layer {
  readonly name: string;
  readonly layers?: readonly Layer[];
  getWeights(): Tfjs.Tensor[];
  readonly trainable: boolean;
}

/** Settings of TensorFlow.js' optimizers and losses under Keras' names. */
const kerasNames: Readonly<Record<string, string>> = { beta1: 'beta_1', beta2: 'beta_2' };

const arrayOf = (tensor: Tfjs.Tensor): NDArray => given(tensor)!;

/** A TensorFlow.js program or layers model: what it is made of, and what it computes. */
export class TfjsProgram {
  readonly model: Tfjs.LayersModel;
  private readonly loss: unknown;
  private readonly optimizer: Tfjs.Optimizer | undefined;

  constructor(
    private readonly tf: Tf,
    exported: Exports,
    path: string,
    private readonly places: ReadonlyMap<object, string>,
  ) {
    const { model } = exported;
    if (!(model instanceof tf.LayersModel)) {
      throw new ProgramError(
        model === undefined
          ? 'it exports no `model`: export the layers model under that name'
          : `\`model\` must be a layers model of TensorFlow.js, it is a ${(model as object)?.constructor?.name ?? typeof model}`,
        path,
      );
    }
    this.model = model;
    const compiled = model as unknown as { loss?: unknown; optimizer_?: Tfjs.Optimizer };
    this.loss = exported.loss ?? compiled.loss;
    const optimizer = exported.optimizer ?? compiled.optimizer_;
    this.optimizer =
      typeof optimizer === 'string'
        ? (tf.train[optimizer as 'sgd'] as unknown as (rate: number) => Tfjs.Optimizer)(0.01)
        : (optimizer as Tfjs.Optimizer | undefined);
  }

  /** What Python's Keras needs to build the same model, optimizer and loss. */
  describe(): { result: Record<string, unknown>; arrays: Map<string, NDArray> } {
    const arrays = new Map<string, NDArray>();
    const lines: Record<string, string> = {};
    const walk = (layer: Layer, path: string) => {
      const line = this.places.get(layer);
      if (line) lines[`${path}${layer.name}`] = line;
      if (layer.layers) {
        const inside = layer === (this.model as unknown as Layer) ? '' : `${path}${layer.name}/`;
        for (const inner of layer.layers) walk(inner, inside);
      } else
        layer.getWeights().forEach((weight, i) => {
          arrays.set(`layer:${path}${layer.name}/${i}`, arrayOf(weight));
        });
    };
    walk(this.model as unknown as Layer, '');
    return {
      result: {
        framework: 'keras',
        version: `TensorFlow.js ${this.tf.version_core}`,
        topology: this.model.toJSON(null, false),
        places: lines,
        frozen: this.frozen(this.model as unknown as Layer, ''),
        optimizer: this.optimizer
          ? {
              type: this.optimizer.getClassName(),
              config: Object.fromEntries(
                Object.entries(this.optimizer.getConfig()).map(([name, value]) => [
                  kerasNames[name] ?? snake(name),
                  value,
                ]),
              ),
            }
          : null,
        loss: this.describeLoss(),
      },
      arrays,
    };
  }

  private frozen(layer: Layer, path: string): string[] {
    return (layer.layers ?? []).flatMap((inner) => [
      ...(inner.trainable ? [] : [`${path}${inner.name}`]),
      ...this.frozen(inner, `${path}${inner.name}/`),
    ]);
  }

  private describeLoss(): unknown {
    const { loss } = this;
    if (loss === undefined || loss === null) return null;
    if (typeof loss === 'string') return lossByName(loss);
    if (typeof loss !== 'function') {
      throw new ProgramError(
        '`loss` must be the name of a loss, or a function of target and output',
      );
    }
    return lossOf(this.tf, loss as never, this.model.outputs[0]!.shape);
  }

  /** What TensorFlow.js computes: outputs in evaluation. */
  run(inputs: readonly NDArray[]) {
    const arrays = new Map<string, NDArray>();
    this.tf.tidy(() => {
      const fed = inputs.map(({ shape, data }) => this.tf.tensor(data, [...shape]));
      const out = this.model.apply(fed.length === 1 ? fed[0]! : fed, { training: false });
      [out].flat().forEach((tensor, i) => {
        arrays.set(`output:${i}`, arrayOf(tensor as Tfjs.Tensor));
      });
    });
    return { result: {}, arrays };
  }
}
