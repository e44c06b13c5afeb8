import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { cos, log } from '../libm';
import { pythonText } from '../python-text';
import { LRScheduler, type OptimizerNeeded, type SchedulerOptions } from './scheduler';

export interface CosineOptions extends SchedulerOptions {
  /** The least learning rate. Default 0. */
  etaMin?: number;
}

interface CosineNeeded extends OptimizerNeeded {
  tMax: number;
}
interface RestartsNeeded extends OptimizerNeeded {
  t0: number;
}

/** The learning rate falls along half a cosine in `tMax` epochs, and rises again after them. */
export class CosineAnnealingLR extends LRScheduler {
  readonly tMax: number;
  readonly etaMin: number;
  protected override readonly saved = { T_max: 'tMax', eta_min: 'etaMin' };

  constructor(...args: Args<'CosineAnnealingLR', CosineNeeded, CosineOptions>) {
    const { optimizer, tMax, etaMin, lastEpoch } = bind<Bound<CosineNeeded, CosineOptions>>(
      'CosineAnnealingLR',
      args,
    );
    super(optimizer);
    this.tMax = tMax;
    this.etaMin = etaMin;
    this.begin({ lastEpoch });
  }

  protected override getLr(): number[] {
    const { lastEpoch, tMax, etaMin } = this;
    if (this.isInitial) return this.currentLr();
    if (this.stepCount === 1 && lastEpoch > 0) return this.closedForm();
    const groups = this.optimizer.paramGroups;
    if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0) {
      const rise = 1 - cos(Math.PI / tMax);
      return groups.map(({ lr }, i) => lr + ((this.baseLrs[i]! - etaMin) * rise) / 2);
    }
    const at = (epoch: number) => 1 + cos((Math.PI * epoch) / tMax);
    const factor = at(lastEpoch) / at(lastEpoch - 1);
    return groups.map(({ lr }) => factor * (lr - etaMin) + etaMin);
  }

  protected override closedForm(): number[] {
    const height = 1 + cos((Math.PI * this.lastEpoch) / this.tMax);
    return this.baseLrs.map((lr) => this.etaMin + ((lr - this.etaMin) * height) / 2);
  }
}

export interface WarmRestartsOptions extends CosineOptions {
  /** Factor by which each period is longer than the one before. Default 1. */
  tMult?: number;
}

/** The learning rate falls along half a cosine and jumps back, for the first time after `t0` epochs. */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  readonly t0: number;
  readonly etaMin: number;
  readonly tMult: number;
  /** Length of the present period. */
  tI: number;
  /** Epochs since the last restart. */
  tCur: number;
  protected override readonly saved = {
    T_0: 't0',
    T_i: 'tI',
    T_mult: 'tMult',
    eta_min: 'etaMin',
    T_cur: 'tCur',
  };

  /** Throws TorchError if `t0` or `tMult` is no whole number from 1. */
  constructor(...args: Args<'CosineAnnealingWarmRestarts', RestartsNeeded, WarmRestartsOptions>) {
    const { optimizer, t0, tMult, etaMin, lastEpoch } = bind<
      Bound<RestartsNeeded, WarmRestartsOptions>
    >('CosineAnnealingWarmRestarts', args);
    super(optimizer);
    this.t0 = t0;
    this.tMult = tMult;
    this.etaMin = etaMin;
    if (!(t0 > 0 && Number.isInteger(t0))) {
      throw new TorchError(
        `Expected positive integer T_0, but got ${pythonText(t0)}`,
        'ValueError',
      );
    }
    if (!(this.tMult >= 1 && Number.isInteger(this.tMult))) {
      throw new TorchError(
        `Expected integer T_mult >= 1, but got ${pythonText(this.tMult)}`,
        'ValueError',
      );
    }
    this.tI = t0;
    this.tCur = lastEpoch;
    this.begin({ lastEpoch });
  }

  protected override getLr(): number[] {
    const height = 1 + cos((Math.PI * this.tCur) / this.tI);
    return this.baseLrs.map((lr) => this.etaMin + ((lr - this.etaMin) * height) / 2);
  }

  /** Goes to the next epoch, or to the given one, which may have a fraction. */
  override step(epoch?: number): void {
    const target = epoch ?? (this.lastEpoch < 0 ? 0 : undefined);
    if (target === undefined) {
      this.tCur++;
      if (this.tCur >= this.tI) {
        this.tCur %= this.tI;
        this.tI *= this.tMult;
      }
      this.lastEpoch++;
    } else {
      this.#goTo(target);
      this.lastEpoch = Math.floor(target);
    }
    this.setLr(this.getLr());
  }

  #goTo(epoch: number): void {
    const { t0, tMult } = this;
    if (epoch < 0) {
      throw new TorchError(
        `Expected non-negative epoch, but got ${pythonText(epoch)}`,
        'ValueError',
      );
    }
    if (epoch < t0) {
      this.tI = t0;
      this.tCur = epoch;
    } else if (tMult === 1) {
      this.tCur = epoch % t0;
    } else {
      const n = Math.trunc(log((epoch / t0) * (tMult - 1) + 1) / log(tMult));
      this.tCur = epoch - (t0 * (tMult ** n - 1)) / (tMult - 1);
      this.tI = t0 * tMult ** n;
    }
  }
}
