import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { Parameter } from '../parameter';
import type { PackedSequence } from '../utils/rnn';
import { RNNBase, type RNNBaseOptions, refuse, type Settings } from './rnn-base';

export type { RNNBaseOptions };

type Recurrent = typeof f.gru;

/** RNN and GRU: networks whose hidden state is one tensor. */
abstract class PlainRNN extends RNNBase {
  protected abstract readonly operator: Recurrent;

  protected override operate(
    input: Tensor,
    batchSizes: Tensor | null,
    [hx]: Tensor[],
    weights: Parameter[],
    settings: Settings,
  ): Tensor[] {
    return batchSizes
      ? this.operator(input, batchSizes, hx!, weights, ...settings)
      : this.operator(input, hx!, weights, ...settings, this.batchFirst);
  }

  /**
   * @param input `[L, N, inputSize]`, `[N, L, inputSize]` with `batchFirst`, `[L, inputSize]`, or packed.
   * @param hx The first hidden state, `[layers · directions, N, hiddenSize]`; zeros by default.
   * @returns The last layer's hidden state of every step, and the last one of every layer.
   */
  forward(input: Tensor | PackedSequence, hx?: Tensor | null): [Tensor | PackedSequence, Tensor] {
    const [output, [last]] = this.run(input, hx ? [hx] : null);
    return [output, last!];
  }
  override call(input: Tensor, hx?: Tensor | null): [Tensor, Tensor];
  override call(input: PackedSequence, hx?: Tensor | null): [PackedSequence, Tensor];
  override call(input: Tensor | PackedSequence, hx?: Tensor | null) {
    return super.call(input, hx) as [never, Tensor];
  }
}

/** A plain recurrent network with tanh, or ReLU (`torch.nn.RNN`; Elman 1990). */
export class RNN extends PlainRNN {
  readonly nonlinearity: 'tanh' | 'relu';
  protected readonly operator: Recurrent;

  constructor(
    inputSize: number,
    hiddenSize: number,
    options: RNNBaseOptions & { nonlinearity?: 'tanh' | 'relu' } = {},
  ) {
    const { nonlinearity = 'tanh' } = options;
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw refuse(`Unknown nonlinearity '${nonlinearity}'. Select from 'tanh' or 'relu'.`);
    }
    super(1, inputSize, hiddenSize, options);
    this.nonlinearity = nonlinearity;
    this.operator = nonlinearity === 'tanh' ? f.rnnTanh : f.rnnRelu;
  }
}

/** Gated recurrent units (`torch.nn.GRU`; Cho et al. 2014). */
export class GRU extends PlainRNN {
  protected readonly operator = f.gru;

  constructor(inputSize: number, hiddenSize: number, options: RNNBaseOptions = {}) {
    super(3, inputSize, hiddenSize, options);
  }
}

/** Hidden state and cell state of an LSTM. */
export type LSTMState = [h: Tensor, c: Tensor];

/** Long short-term memory (`torch.nn.LSTM`; Hochreiter and Schmidhuber 1997). */
export class LSTM extends RNNBase {
  /** @param options `projSize` projects the hidden state to fewer features (Sak et al. 2014). */
  constructor(
    inputSize: number,
    hiddenSize: number,
    options: RNNBaseOptions & { projSize?: number } = {},
  ) {
    super(4, inputSize, hiddenSize, options, options.projSize);
  }

  protected override get stateSizes(): number[] {
    return [this.outputSize, this.hiddenSize];
  }

  protected override operate(
    input: Tensor,
    batchSizes: Tensor | null,
    hx: Tensor[],
    weights: Parameter[],
    settings: Settings,
  ): Tensor[] {
    return batchSizes
      ? f.lstm(input, batchSizes, hx, weights, ...settings)
      : f.lstm(input, hx, weights, ...settings, this.batchFirst);
  }

  /**
   * @param input `[L, N, inputSize]`, `[N, L, inputSize]` with `batchFirst`, `[L, inputSize]`, or packed.
   * @param hx The first states: h `[layers · directions, N, projSize || hiddenSize]` and
   *   c `[layers · directions, N, hiddenSize]`; zeros by default.
   * @returns The last layer's h of every step, and the last states of every layer.
   */
  forward(
    input: Tensor | PackedSequence,
    hx?: LSTMState | null,
  ): [Tensor | PackedSequence, LSTMState] {
    return this.run(input, hx ?? null) as [Tensor | PackedSequence, LSTMState];
  }
  override call(input: Tensor, hx?: LSTMState | null): [Tensor, LSTMState];
  override call(input: PackedSequence, hx?: LSTMState | null): [PackedSequence, LSTMState];
  override call(input: Tensor | PackedSequence, hx?: LSTMState | null) {
    return super.call(input, hx) as [never, LSTMState];
  }
}
