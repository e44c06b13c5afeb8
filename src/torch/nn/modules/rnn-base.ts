import type { Bound } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import { guard } from '../guard';
import { uniform_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { float } from '../repr';
import { tuple } from '../sizes';
import { PackedSequence } from '../utils/rnn';

export interface RNNBaseOptions extends FactoryOptions {
  /** Recurrent layers on top of one another. Default 1. */
  numLayers?: number;
  bias?: boolean;
  /** Inputs and outputs are `[N, L, features]` in place of `[L, N, features]`. */
  batchFirst?: boolean;
  /** Probability of zeroing the outputs of each layer but the last. */
  dropout?: number;
  bidirectional?: boolean;
  /** Projects the hidden state of an LSTM to fewer features (Sak et al. 2014). */
  projSize?: number;
}

export interface RNNNeeded {
  inputSize: number;
  hiddenSize: number;
}

/** What the operators take besides input, batch sizes, hidden state and weights. */
export type Settings = [
  bias: boolean,
  numLayers: number,
  dropout: number,
  training: boolean,
  bidirectional: boolean,
];

export const refuse = (message: string, code = 'ValueError') => new TorchError(message, code);

/** What RNN, LSTM and GRU share (`torch.nn.modules.rnn.RNNBase`). */
export abstract class RNNBase extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly projSize: number;
  /** Input to hidden of layer `l`: `[gates · hiddenSize, features]`. */
  readonly [weightIh: `weightIhL${bigint}`]: Parameter;
  readonly [weightHh: `weightHhL${bigint}`]: Parameter;
  readonly [biasIh: `biasIhL${bigint}`]: Parameter;
  readonly [biasHh: `biasHhL${bigint}`]: Parameter;
  readonly [weightHr: `weightHrL${bigint}`]: Parameter;
  readonly [reverse: `${'weight' | 'bias'}${string}Reverse`]: Parameter;
  /** The properties that hold the weights, in the operators' order. */
  private readonly weights: string[] = [];

  protected constructor(gates: number, settings: Bound<RNNNeeded, RNNBaseOptions>) {
    super();
    const { inputSize, hiddenSize, numLayers, bias, projSize, device, dtype } = settings;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = settings.batchFirst;
    this.dropout = settings.dropout;
    this.bidirectional = settings.bidirectional;
    this.projSize = projSize;
    this.check();
    const parameter = (...size: number[]) => new Parameter(f.empty(size, { device, dtype }));
    for (let layer = 0; layer < numLayers; layer++) {
      const features = layer === 0 ? inputSize : this.outputSize * this.directions;
      for (const suffix of this.bidirectional ? ['', 'Reverse'] : ['']) {
        const weights = {
          [`weightIhL${layer}${suffix}`]: parameter(gates * hiddenSize, features),
          [`weightHhL${layer}${suffix}`]: parameter(gates * hiddenSize, this.outputSize),
          ...(bias && {
            [`biasIhL${layer}${suffix}`]: parameter(gates * hiddenSize),
            [`biasHhL${layer}${suffix}`]: parameter(gates * hiddenSize),
          }),
          ...(projSize && { [`weightHrL${layer}${suffix}`]: parameter(projSize, hiddenSize) }),
        };
        Object.assign(this, weights);
        this.weights.push(...Object.keys(weights));
      }
    }
    guard(this, ...this.weights);
    this.resetParameters();
  }

  private check(): void {
    const { dropout, numLayers, inputSize, hiddenSize, projSize } = this;
    if (!(dropout >= 0 && dropout <= 1)) {
      throw refuse(
        'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
      );
    }
    if (!(inputSize > 0)) throw refuse('input_size must be greater than zero');
    if (!(hiddenSize > 0)) throw refuse('hidden_size must be greater than zero');
    if (!(numLayers > 0)) throw refuse('num_layers must be greater than zero');
    if (projSize < 0) {
      throw refuse('proj_size should be a positive integer or zero to disable projections');
    }
    if (projSize >= hiddenSize) throw refuse('proj_size has to be smaller than hidden_size');
    if (dropout > 0 && numLayers === 1) {
      process.emitWarning(
        'dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects ' +
          `num_layers greater than 1, but got dropout=${dropout} and num_layers=1`,
        'UserWarning',
      );
    }
  }

  private get directions(): number {
    return this.bidirectional ? 2 : 1;
  }
  /** Features of one direction's output. */
  protected get outputSize(): number {
    return this.projSize || this.hiddenSize;
  }
  /** Features of each tensor of the hidden state. */
  protected get stateSizes(): number[] {
    return [this.hiddenSize];
  }

  override stateName(property: string): string {
    if (!this.weights.includes(property)) return property;
    return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }

  /** Initialises all weights as PyTorch does: uniform in ±1/√hiddenSize. */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  /** The operator, on a batch of equal lengths or, with `batchSizes`, on a packed one. */
  protected abstract operate(
    input: Tensor,
    batchSizes: Tensor | null,
    hx: Tensor[],
    weights: Parameter[],
    settings: Settings,
  ): Tensor[];

  /** The output and the tensors of the last hidden state. */
  protected run(
    given: Tensor | PackedSequence,
    hx: readonly Tensor[] | null,
  ): [Tensor | PackedSequence, Tensor[]] {
    const weights = this.weights.map(
      (name) => (this as Record<string, unknown>)[name],
    ) as Parameter[];
    const settings: Settings = [
      this.bias,
      this.numLayers,
      this.dropout,
      this.training,
      this.bidirectional,
    ];
    if (given instanceof PackedSequence) {
      const { data, batchSizes, sortedIndices, unsortedIndices } = given;
      const state = hx?.map((part) => permute(part, sortedIndices));
      const first = this.firstState(data, batchSizes.select(0, 0).item(), state, weights[0]!, 2);
      const [output, ...last] = this.operate(data, batchSizes, first, weights, settings);
      return [
        new PackedSequence(output!, batchSizes, sortedIndices, unsortedIndices),
        last.map((part) => permute(part, unsortedIndices)),
      ];
    }
    const { ndim } = given;
    if (ndim !== 2 && ndim !== 3) {
      throw refuse(`${this.constructor.name}: Expected input to be 2D or 3D, got ${ndim}D instead`);
    }
    for (const part of hx ?? []) {
      if (part.ndim !== ndim) throw refuse(this.rankMessage(ndim, hx!), 'RuntimeError');
    }
    const batchDim = this.batchFirst ? 0 : 1;
    const batched = ndim === 3;
    const input = batched ? given : given.unsqueeze(batchDim);
    const state = batched ? hx : hx?.map((part) => part.unsqueeze(1));
    const first = this.firstState(input, input.size(batchDim), state, weights[0]!, 3);
    const [output, ...last] = this.operate(input, null, first, weights, settings);
    if (batched) return [output!, last];
    return [output!.squeeze(batchDim), last.map((part) => part.squeeze(1))];
  }

  private rankMessage(ndim: number, hx: readonly Tensor[]): string {
    const what = ndim === 3 ? 'batched 3-D' : 'unbatched 2-D';
    const ranks = hx.map((part) => `${part.ndim}-D`);
    return ranks.length === 1
      ? `For ${what} input, hx should also be ${ndim}-D but got ${ranks[0]} tensor`
      : `For ${what} input, hx and cx should also be ${ndim}-D but got (${ranks.join(', ')}) tensors`;
  }

  /** The hidden state to start from, checked; zeros where none is given. */
  private firstState(
    input: Tensor,
    batch: number,
    hx: readonly Tensor[] | null | undefined,
    weight: Parameter,
    rank: number,
  ): Tensor[] {
    const { dtype, device } = input;
    if (dtype !== weight.dtype) {
      throw refuse(
        `RNN input dtype (torch.${dtype}) does not match weight dtype (torch.${weight.dtype}). ` +
          `Convert input: input.to(torch.${weight.dtype}), or convert model: model.to(torch.${dtype})`,
      );
    }
    if (input.ndim !== rank) {
      throw refuse(`input must have ${rank} dimensions, got ${input.ndim}`, 'RuntimeError');
    }
    if (input.size(-1) !== this.inputSize) {
      throw refuse(
        `input.size(-1) must be equal to input_size. Expected ${this.inputSize}, got ${input.size(-1)}`,
        'RuntimeError',
      );
    }
    const layers = this.numLayers * this.directions;
    const sizes = this.stateSizes.map((size) => [layers, batch, size]);
    hx?.forEach((part, i) => {
      if (String(part.shape) === String(sizes[i])) return;
      const which = hx.length === 1 ? 'hidden' : `hidden[${i}]`;
      throw refuse(
        `Expected ${which} size ${tuple(sizes[i]!)}, got [${part.shape.join(', ')}]`,
        'RuntimeError',
      );
    });
    return hx ? [...hx] : sizes.map((size) => f.zeros(size, { dtype, device }));
  }

  /**
   * Does nothing (`torch.nn.RNNBase.flatten_parameters`): in Python it puts the weights side by side on a GPU, as cuDNN
   * wants them, which copies them itself otherwise.
   */
  flattenParameters(): void {}

  override extraRepr(): string {
    const parts = [`${this.inputSize}, ${this.hiddenSize}`];
    if (this.projSize !== 0) parts.push(`proj_size=${this.projSize}`);
    if (this.numLayers !== 1) parts.push(`num_layers=${this.numLayers}`);
    if (!this.bias) parts.push('bias=False');
    if (this.batchFirst) parts.push('batch_first=True');
    if (this.dropout !== 0) parts.push(`dropout=${float(this.dropout)}`);
    if (this.bidirectional) parts.push('bidirectional=True');
    return parts.join(', ');
  }
}

const permute = (part: Tensor, permutation: Tensor | null) =>
  permutation ? part.indexSelect(1, permutation) : part;
