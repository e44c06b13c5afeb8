import { type Args, type Bound, bind } from '../../arguments';
import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { Parameter } from '../parameter';
import type { PackedSequence } from '../utils/rnn';
import { RNNBase, type RNNBaseOptions, type RNNNeeded, refuse, type Settings } from './rnn-base';

export type { RNNBaseOptions };

type Recurrent = typeof f.gru;

/** Packed for a packed input, else a tensor. */
type Output<Input> = Input extends PackedSequence ? PackedSequence : Tensor;

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
  forward<Input extends Tensor | PackedSequence>(
    input: Input,
    hx?: Tensor | null,
  ): [Output<Input>, Tensor] {
    const [output, [last]] = this.run(input, hx ? [hx] : null);
    return [output as Output<Input>, last!];
  }
}

interface RNNOptions extends Omit<RNNBaseOptions, 'projSize'> {
  /** Default tanh. */
  nonlinearity?: 'tanh' | 'relu';
}

/** A plain recurrent network with tanh, or ReLU (`torch.nn.RNN`; Elman 1990). */
export class RNN extends PlainRNN {
  readonly nonlinearity: 'tanh' | 'relu';
  protected readonly operator: Recurrent;

  constructor(...args: Args<'RNN', RNNNeeded, RNNOptions>) {
    const bound = bind<Bound<RNNNeeded, RNNOptions>>('RNN', args);
    const { nonlinearity } = bound;
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw refuse(`Unknown nonlinearity '${nonlinearity}'. Select from 'tanh' or 'relu'.`);
    }
    super(1, { ...bound, projSize: 0 });
    this.nonlinearity = nonlinearity;
    this.operator = nonlinearity === 'tanh' ? f.rnnTanh : f.rnnRelu;
  }
}

/** Gated recurrent units (`torch.nn.GRU`; Cho et al. 2014). */
export class GRU extends PlainRNN {
  protected readonly operator = f.gru;

  constructor(...args: Args<'GRU', RNNNeeded, Omit<RNNBaseOptions, 'projSize'>>) {
    super(3, { ...bind<Bound<RNNNeeded, RNNBaseOptions>>('GRU', args), projSize: 0 });
  }
}

/** Hidden state and cell state of an LSTM. */
export type LSTMState = [h: Tensor, c: Tensor];

/** Long short-term memory (`torch.nn.LSTM`; Hochreiter and Schmidhuber 1997). */
export class LSTM extends RNNBase {
  constructor(...args: Args<'LSTM', RNNNeeded, RNNBaseOptions>) {
    super(4, bind('LSTM', args));
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
  forward<Input extends Tensor | PackedSequence>(
    input: Input,
    hx?: LSTMState | null,
  ): [Output<Input>, LSTMState] {
    return this.run(input, hx ?? null) as [Output<Input>, LSTMState];
  }
}
