import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import { guard } from '../guard';
import { uniform_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import type { LSTMState } from './rnn';
import type { RNNNeeded } from './rnn-base';

export interface RNNCellOptions extends FactoryOptions {
  /** Default true. */
  bias?: boolean;
}

const stateNames: Readonly<Record<string, string>> = {
  weightIh: 'weight_ih',
  weightHh: 'weight_hh',
  biasIh: 'bias_ih',
  biasHh: 'bias_hh',
};

/** What the cells share (`torch.nn.modules.rnn.RNNCellBase`): one step of one layer. */
export abstract class RNNCellBase extends Module {
  /** `[gates · hiddenSize, inputSize]` */
  weightIh: Parameter;
  /** `[gates · hiddenSize, hiddenSize]` */
  weightHh: Parameter;
  biasIh: Parameter | null;
  biasHh: Parameter | null;

  readonly inputSize: number;
  readonly hiddenSize: number;

  protected constructor(gates: number, settings: Bound<RNNNeeded, RNNCellOptions>) {
    super();
    const { inputSize, hiddenSize, bias, device, dtype } = settings;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    const parameter = (...size: number[]) => new Parameter(f.empty(size, { device, dtype }));
    const rows = gates * hiddenSize;
    this.weightIh = parameter(rows, inputSize);
    this.weightHh = parameter(rows, hiddenSize);
    this.biasIh = bias ? parameter(rows) : null;
    this.biasHh = bias ? parameter(rows) : null;
    guard(this, 'weightIh', 'weightHh', 'biasIh', 'biasHh');
    this.resetParameters();
  }

  override stateName(property: string): string {
    return stateNames[property] ?? property;
  }

  /** Initialises all weights as PyTorch does: uniform in ±1/√hiddenSize. */
  resetParameters(): void {
    const bound = this.hiddenSize > 0 ? 1 / Math.sqrt(this.hiddenSize) : 0;
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  protected checkRank(what: string, tensor: Tensor): void {
    if (tensor.ndim === 1 || tensor.ndim === 2) return;
    throw new TorchError(
      `${this.constructor.name}: Expected ${what} to be 1D or 2D, got ${tensor.ndim}D instead`,
      'ValueError',
    );
  }
  protected zeros({ shape, dtype, device }: Tensor): Tensor {
    return f.zeros([shape[0]!, this.hiddenSize], { dtype, device });
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.biasIh ? '' : ', bias=False'}`;
  }
}

/** Cells whose state is one tensor. */
abstract class PlainCell extends RNNCellBase {
  protected abstract readonly operator: typeof f.gruCell;

  /**
   * @param input `[N, inputSize]` or `[inputSize]`.
   * @param hx The state before, `[N, hiddenSize]` or `[hiddenSize]`; zeros by default.
   * @returns The next state, of the same shape.
   */
  forward(input: Tensor, hx: Tensor | null = null): Tensor {
    this.checkRank('input', input);
    if (hx) this.checkRank('hidden', hx);
    const batched = input.ndim === 2;
    const x = batched ? input : input.unsqueeze(0);
    const h = (batched ? hx : hx?.unsqueeze(0)) ?? this.zeros(x);
    const next = this.operator(x, h, this.weightIh, this.weightHh, this.biasIh, this.biasHh);
    return batched ? next : next.squeeze(0);
  }
}

interface PlainCellOptions extends RNNCellOptions {
  /** Default tanh. */
  nonlinearity?: 'tanh' | 'relu';
}

/** One step of a plain recurrent network (`torch.nn.RNNCell`). */
export class RNNCell extends PlainCell {
  readonly nonlinearity: 'tanh' | 'relu';
  protected readonly operator: typeof f.gruCell;

  constructor(...args: Args<'RNNCell', RNNNeeded, PlainCellOptions>) {
    const bound = bind<Bound<RNNNeeded, PlainCellOptions>>('RNNCell', args);
    super(1, bound);
    this.nonlinearity = bound.nonlinearity;
    this.operator = this.nonlinearity === 'tanh' ? f.rnnTanhCell : f.rnnReluCell;
  }
  override extraRepr(): string {
    const { nonlinearity } = this;
    return `${super.extraRepr()}${nonlinearity === 'tanh' ? '' : `, nonlinearity=${nonlinearity}`}`;
  }
}

/** One step of gated recurrent units (`torch.nn.GRUCell`). */
export class GRUCell extends PlainCell {
  protected readonly operator = f.gruCell;

  constructor(...args: Args<'GRUCell', RNNNeeded, RNNCellOptions>) {
    super(3, bind('GRUCell', args));
  }
}

/** One step of an LSTM (`torch.nn.LSTMCell`). */
export class LSTMCell extends RNNCellBase {
  constructor(...args: Args<'LSTMCell', RNNNeeded, RNNCellOptions>) {
    super(4, bind('LSTMCell', args));
  }

  /**
   * @param input `[N, inputSize]` or `[inputSize]`.
   * @param hx The states before, each `[N, hiddenSize]` or `[hiddenSize]`; zeros by default.
   * @returns The next states, of the same shapes.
   */
  forward(input: Tensor, hx: LSTMState | null = null): LSTMState {
    this.checkRank('input', input);
    hx?.forEach((part, i) => {
      this.checkRank(`hx[${i}]`, part);
    });
    const batched = input.ndim === 2;
    const x = batched ? input : input.unsqueeze(0);
    let state = batched ? hx : hx?.map((part) => part.unsqueeze(0));
    if (!state) {
      const zeros = this.zeros(x);
      state = [zeros, zeros];
    }
    const [h, c] = f.lstmCell(x, state, this.weightIh, this.weightHh, this.biasIh, this.biasHh);
    return batched ? [h, c] : [h.squeeze(0), c.squeeze(0)];
  }
}
