import { TorchError } from '../errors';
import { cat, viewAsReal, zeros } from '../generated/functions';
import { keep } from '../memory';
import { Tensor } from '../tensor';
import { notNegative } from './elementwise';
import { Optimizer } from './optimizer';
import { type OptimizerArgs, optimizerSettings } from './param-group';
import { atMost, div, less, min, mul, type Value } from './scalar';
import { strongWolfe } from './strong-wolfe';

export interface LBFGSOptions {
  /** Step size. Default 1. */
  lr: number;
  /** Iterations in one step. Default 20. */
  maxIter: number;
  /** Calls of the closure in one step. Default `maxIter * 1.25`. */
  maxEval: number;
  /** Stop where no gradient is larger. Default 1e-7. */
  toleranceGrad: number;
  /** Stop where loss or parameters change less. Default 1e-9. */
  toleranceChange: number;
  /** Steps that are remembered. Default 100. */
  historySize: number;
  lineSearchFn: 'strong_wolfe' | null;
  /** Maximise what the closure gives: from PyTorch 2.14 on. */
  maximize?: boolean;
}

interface State {
  funcEvals: number;
  nIter: number;
  d?: Tensor;
  t?: Value;
  oldDirs?: Tensor[];
  oldStps?: Tensor[];
  ro?: Tensor[];
  hDiag?: Value;
  prevFlatGrad?: Tensor;
  prevLoss?: number;
  al?: (Tensor | null)[];
}

/** Limited-memory BFGS (`torch.optim.LBFGS`). Its `step` needs a closure that gives the loss. */
export class LBFGS extends Optimizer<LBFGSOptions, State> {
  /** Throws TorchError for more than one group. */
  protected override readonly hasStatesOfParameters = false;

  constructor(...args: OptimizerArgs<'LBFGS', LBFGSOptions>) {
    const { params, defaults } = optimizerSettings<LBFGSOptions>('LBFGS', args);
    defaults.maxEval ??= Math.floor((defaults.maxIter * 5) / 4);
    notNegative({ 'learning rate': defaults.lr });
    super(params, defaults);
    if (this.paramGroups.length !== 1) {
      throw new TorchError(
        "LBFGS doesn't support per-parameter options (parameter groups)",
        'ValueError',
      );
    }
  }

  get #params(): Tensor[] {
    return this.paramGroups[0]!.params;
  }

  #flatGradient(): Tensor {
    const views = this.#params.map((param) => {
      const gradient = param.grad ?? zeros([param.numel()], { dtype: param.dtype });
      const dense = gradient.layout === 'strided' ? gradient : gradient.toDense();
      const view = dense.view(-1);
      return view.isComplex() ? viewAsReal(view).view(-1) : view;
    });
    const gradient = cat(views, 0);
    return this.paramGroups[0]!.maximize ? gradient.neg_() : gradient;
  }

  /** Moves the parameters along a direction. */
  #move(size: Value, direction: Tensor): void {
    let offset = 0;
    for (const param of this.#params) {
      const real = param.isComplex() ? viewAsReal(param) : param;
      const count = real.numel();
      const part = direction.narrow(0, offset, count).viewAs(real);
      real.add_(part, { alpha: size instanceof Tensor ? { float: size.item() } : size });
      offset += count;
    }
  }

  protected update(closure?: () => unknown): unknown {
    if (!closure) {
      throw new TorchError(
        "LBFGS.step() missing 1 required positional argument: 'closure'",
        'TypeError',
      );
    }
    const group = this.paramGroups[0]!;
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, lineSearchFn } = group;
    const first = this.#params[0]!;
    const state: State = this.state.get(first) ?? { funcEvals: 0, nIter: 0 };
    this.state.set(first, state);
    const evaluate = () => {
      const value = closure();
      const loss = value instanceof Tensor ? value.item() : Number(value);
      return { value, loss: group.maximize ? -loss : loss };
    };
    const settled = (gradient: Tensor) => atMost(gradient.abs().max(), toleranceGrad);

    const { value: original, loss: firstLoss } = evaluate();
    let loss = firstLoss;
    let evaluations = 1;
    state.funcEvals++;
    let gradient = this.#flatGradient();
    if (settled(gradient)) return original;

    let d = state.d;
    let t = state.t;
    for (let iteration = 1; iteration <= maxIter; iteration++) {
      state.nIter++;
      d = this.#direction(state, gradient, d, t, group.historySize);
      if (state.prevFlatGrad) state.prevFlatGrad.copy_(gradient);
      else state.prevFlatGrad = keep(gradient.clone());
      const previousLoss = loss;
      state.prevLoss = loss;

      t = state.nIter === 1 ? mul(min(1, div(1, gradient.abs().sum())), lr) : lr;
      const slope = gradient.dot(d);
      if (less(-toleranceChange, slope)) break;

      let optimal = false;
      let newEvaluations = 0;
      if (lineSearchFn !== null) {
        if (lineSearchFn !== 'strong_wolfe') {
          throw new TorchError("only 'strong_wolfe' is supported", 'RuntimeError');
        }
        const origin = this.#params.map((param) => param.clone());
        const direction = d;
        const found = strongWolfe(
          (step) => {
            this.#move(step, direction);
            const there = evaluate();
            const result = { loss: there.loss, gradient: this.#flatGradient() };
            this.#params.forEach((param, i) => {
              param.copy_(origin[i]!);
            });
            return result;
          },
          d,
          { t: 0, loss, gradient, slope },
          t,
          maxEval - evaluations,
          toleranceChange,
        );
        ({ loss, gradient, t } = found.point);
        newEvaluations = found.evaluations;
        this.#move(t, d);
        optimal = settled(gradient);
      } else {
        this.#move(t, d);
        if (iteration !== maxIter) {
          ({ loss } = evaluate());
          gradient = this.#flatGradient();
          optimal = settled(gradient);
          newEvaluations = 1;
        }
      }
      evaluations += newEvaluations;
      state.funcEvals += newEvaluations;
      if (iteration === maxIter || evaluations >= maxEval || optimal) break;
      if (atMost((mul(d, t) as Tensor).abs().max(), toleranceChange)) break;
      if (Math.abs(loss - previousLoss) < toleranceChange) break;
    }
    state.d = d;
    state.t = t;
    keepAll(state);
    return original;
  }

  /** The quasi-Newton direction, after the history has taken in the last step. */
  #direction(
    state: State,
    gradient: Tensor,
    last: Tensor | undefined,
    lastStep: Value | undefined,
    historySize: number,
  ): Tensor {
    if (state.nIter === 1) {
      state.oldDirs = [];
      state.oldStps = [];
      state.ro = [];
      state.hDiag = 1;
      return gradient.neg();
    }
    const [directions, steps, ro] = [state.oldDirs!, state.oldStps!, state.ro!];
    const y = gradient.sub(state.prevFlatGrad!);
    const s = mul(last!, lastStep!) as Tensor;
    const ys = y.dot(s);
    if (less(1e-10, ys)) {
      if (directions.length === historySize) {
        for (const list of [directions, steps, ro]) list.shift();
      }
      directions.push(y);
      steps.push(s);
      ro.push(div(1, ys) as Tensor);
      state.hDiag = ys.div(y.dot(y));
    }
    state.al ??= Array.from({ length: historySize }, () => null);
    const al = state.al;
    const q = gradient.neg();
    for (let i = directions.length - 1; i >= 0; i--) {
      al[i] = steps[i]!.dot(q).mul(ro[i]!);
      q.add_(directions[i]!, { alpha: { float: -al[i]!.item() } });
    }
    const r = mul(q, state.hDiag!) as Tensor;
    for (let i = 0; i < directions.length; i++) {
      const be = directions[i]!.dot(r).mul(ro[i]!);
      r.add_(steps[i]!, { alpha: { float: al[i]!.sub(be).item() } });
    }
    return r;
  }
}

/** Takes the state's tensors out of the step's scope. */
function keepAll(state: object): void {
  for (const item of Object.values(state).flat()) if (item instanceof Tensor) keep(item);
}
