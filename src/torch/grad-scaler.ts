import { noGrad } from './autograd';
import { operator } from './dispatch';
import { TorchError } from './errors';
import { full } from './generated/functions';
import { keep } from './memory';
import { native } from './native';
import { warn } from './nn/functional/warning';
import type { Optimizer } from './optim/optimizer';
import { Tensor } from './tensor';

export interface GradScalerOptions {
  /** The first factor. Default 65536. */
  initScale?: number;
  /** What the factor is multiplied by after `growthInterval` steps without infinities. Default 2. */
  growthFactor?: number;
  /** What it is multiplied by after a step with some. Default 0.5. */
  backoffFactor?: number;
  /** Default 2000. */
  growthInterval?: number;
  /** Without it every method does what one without scaling would. Default true. */
  enabled?: boolean;
}

/** The state of a scaler by Python's names, which `torch.save` writes and Python loads. */
export interface GradScalerStateDict {
  scale: number;
  growth_factor: number;
  backoff_factor: number;
  growth_interval: number;
  _growth_tracker: number;
}

const foreachNonFiniteCheckAndUnscale_ = operator<
  (gradients: readonly Tensor[], foundInf: Tensor, inverse: Tensor) => void
>('_amp_foreach_non_finite_check_and_unscale_', ['']);
const updateScale_ = operator<
  (
    scale: Tensor,
    growthTracker: Tensor,
    foundInf: Tensor,
    growthFactor: number,
    backoffFactor: number,
    growthInterval: number,
  ) => void
>('_amp_update_scale_', ['']);

/** What is known of an optimizer since the last `update`. */
interface Progress {
  stage: 'ready' | 'unscaled' | 'stepped';
  /** Whether a gradient was infinite, 1 or 0 for each device. */
  foundInf: readonly Tensor[];
}

/** Copies of a scalar, one for each device that asks. */
class Copies {
  readonly byDevice = new Map<string, Tensor>();
  constructor(readonly original: Tensor) {}

  on(like: Tensor): Tensor {
    const name = String(like.device);
    let copy = this.byDevice.get(name);
    if (!copy) {
      copy = this.original.to({ device: like.device, nonBlocking: true, copy: true });
      this.byDevice.set(name, copy);
    }
    return copy;
  }
}

const failed = (message: string) => new TorchError(message, 'AssertionError');

/** Tensors that are scaled together, in any nesting of lists. */
type Outputs = Tensor | readonly Outputs[];

/**
 * Multiplies losses by a large factor, so that float16 gradients don't vanish, and looks for one that is large but lets
 * none overflow (`torch.amp.GradScaler`). Numbers, skipped steps and state are Python's.
 *
 * @example
 * const scaler = new torch.amp.GradScaler('cuda');
 * const loss = torch.autocast('cuda', () => F.crossEntropy(net.call(x), y));
 * scaler.scale(loss).backward();
 * scaler.step(optimizer);
 * scaler.update();
 */
export class GradScaler {
  readonly #device: string;
  readonly #enabled: boolean;
  #initScale: number;
  #growthFactor: number;
  #backoffFactor: number;
  #growthInterval: number;
  #initGrowthTracker = 0;
  #scale: Tensor | null = null;
  #growthTracker: Tensor | null = null;
  #progress = new Map<object, Progress>();

  /** Throws TorchError (AssertionError) for factors that would not grow and shrink. */
  constructor(device: string | GradScalerOptions = 'cuda', options: GradScalerOptions = {}) {
    const given = typeof device === 'string' ? options : device;
    this.#device = typeof device === 'string' ? device : 'cuda';
    this.#initScale = given.initScale ?? 65536;
    this.#growthFactor = given.growthFactor ?? 2;
    this.#backoffFactor = given.backoffFactor ?? 0.5;
    this.#growthInterval = given.growthInterval ?? 2000;
    let enabled = given.enabled ?? true;
    if (enabled && this.#device === 'cuda' && native.deviceCount('cuda') === 0) {
      warn('torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.');
      enabled = false;
    }
    this.#enabled = enabled;
    if (!enabled) return;
    if (!(this.#growthFactor > 1)) throw failed('The growth factor must be > 1.0.');
    if (!(this.#backoffFactor < 1)) throw failed('The backoff factor must be < 1.0.');
  }

  /** The outputs times the factor: a tensor, or lists of tensors on any devices. */
  scale<Of extends Outputs>(outputs: Of): Of {
    if (!this.#enabled) return outputs;
    let copies: Copies | undefined;
    const scaled = (value: unknown): unknown => {
      if (value instanceof Tensor) {
        copies ??= new Copies(this.#scaleOn(value));
        return value.mul(copies.on(value));
      }
      if (Array.isArray(value)) return value.map(scaled);
      throw new TorchError('outputs must be a Tensor or an iterable of Tensors', 'ValueError');
    };
    return scaled(outputs) as Of;
  }

  /** The factor, which is made on the device of the first tensor. */
  #scaleOn(like: Tensor): Tensor {
    const { device } = like;
    this.#scale ??= keep(full([], { float: this.#initScale }, { dtype: 'float32', device }));
    this.#growthTracker ??= keep(full([], this.#initGrowthTracker, { dtype: 'int32', device }));
    return this.#scale;
  }

  #checked(caller: string): { scale: Tensor; growthTracker: Tensor } {
    const [scale, growthTracker] = [this.#scale, this.#growthTracker];
    if (scale && growthTracker) return { scale, growthTracker };
    throw failed(
      `Attempted ${caller} but _scale is None.  This may indicate your script did not use scaler.scale(loss or outputs) earlier in the iteration.`,
    );
  }

  #progressOf(optimizer: object): Progress {
    let progress = this.#progress.get(optimizer);
    if (!progress) {
      progress = { stage: 'ready', foundInf: [] };
      this.#progress.set(optimizer, progress);
    }
    return progress;
  }

  /** Multiplies the gradients by a factor, and looks for infinities. */
  #unscale(optimizer: Optimizer, inverse: Tensor, takesHalf: boolean): readonly Tensor[] {
    const inverses = new Copies(inverse);
    const found = new Copies(full([], 0, { dtype: 'float32', device: inverse.device }));
    const lists = new Map<string, Tensor[]>();
    for (const parameter of optimizer.paramGroups.flatMap(({ params }) => params)) {
      const gradient = parameter.grad;
      if (!gradient) continue;
      if (!takesHalf && gradient.dtype === 'float16') {
        throw new TorchError('Attempting to unscale FP16 gradients.', 'ValueError');
      }
      const values = gradient.isSparse ? valuesOf(parameter, gradient) : gradient;
      const kind = `${values.device} ${values.dtype}`;
      lists.set(kind, [...(lists.get(kind) ?? []), values]);
    }
    noGrad(() => {
      for (const list of lists.values()) {
        const [first] = list as [Tensor];
        foreachNonFiniteCheckAndUnscale_(list, found.on(first), inverses.on(first));
      }
    });
    return [...found.byDevice.values()].map(keep);
  }

  /**
   * Divides an optimizer's gradients by the factor, to clip or to look at them before `step`, which does so otherwise.
   * Throws TorchError (RuntimeError) where it has been done since the last `update`.
   */
  unscale_(optimizer: Optimizer): void {
    if (!this.#enabled) return;
    const { scale } = this.#checked('unscale_');
    const progress = this.#progressOf(optimizer);
    if (progress.stage === 'unscaled') {
      throw new TorchError(
        'unscale_() has already been called on this optimizer since the last update().',
        'RuntimeError',
      );
    }
    if (progress.stage === 'stepped') {
      throw new TorchError('unscale_() is being called after step().', 'RuntimeError');
    }
    progress.foundInf = this.#unscale(optimizer, scale.double().reciprocal().float(), false);
    progress.stage = 'unscaled';
  }

  /**
   * Has an optimizer step unless a gradient is infinite or not a number. Returns what its step returns.
   * Throws TorchError (RuntimeError) where it has stepped since the last `update`.
   */
  step(optimizer: Optimizer): unknown {
    if (!this.#enabled) return optimizer.step();
    this.#checked('step');
    const progress = this.#progressOf(optimizer);
    if (progress.stage === 'stepped') {
      throw new TorchError(
        'step() has already been called since the last update().',
        'RuntimeError',
      );
    }
    const result = optimizer.stepSupportsAmpScaling
      ? this.#stepFused(optimizer, progress)
      : this.#stepUnlessInfinite(optimizer, progress);
    progress.stage = 'stepped';
    return result;
  }

  #stepUnlessInfinite(optimizer: Optimizer, progress: Progress): unknown {
    if (progress.stage === 'ready') this.unscale_(optimizer);
    if (progress.foundInf.length === 0) {
      throw failed('No inf checks were recorded for this optimizer.');
    }
    return progress.foundInf.some((found) => found.item() !== 0) ? null : optimizer.step();
  }

  /** Its operator itself divides the gradients, and changes nothing where one is infinite. */
  #stepFused(optimizer: Optimizer, progress: Progress): unknown {
    const scale = this.#scale!;
    if (progress.stage === 'ready') {
      const one = full([], 1, { dtype: 'float32', device: scale.device });
      progress.foundInf = this.#unscale(optimizer, one, true);
    }
    const foundInf = this.#sum(progress.foundInf, scale);
    const gradScale = progress.stage === 'unscaled' ? null : scale;
    return optimizer.scaledBy({ gradScale, foundInf }, () => optimizer.step());
  }

  #sum(found: readonly Tensor[], { device }: Tensor): Tensor {
    const [first, ...rest] = found.map((each) => each.to({ device, nonBlocking: true }));
    return rest.reduce((sum, each) => sum.add(each), first!);
  }

  /**
   * Changes the factor by what the steps since the last time have found, or sets it.
   * Throws TorchError (AssertionError) where there was no step.
   */
  update(newScale: number | Tensor | null = null): void {
    if (!this.#enabled) return;
    const { scale, growthTracker } = this.#checked('update');
    if (typeof newScale === 'number') {
      scale.fill_(newScale);
    } else if (newScale) {
      if (
        newScale.device.type !== this.#device ||
        newScale.numel() !== 1 ||
        newScale.requiresGrad
      ) {
        throw failed(
          'new_scale should be a float or a 1-element torch.cuda.FloatTensor or torch.FloatTensor with requires_grad=False.',
        );
      }
      scale.copy_(newScale);
    } else {
      const found = [...this.#progress.values()].flatMap(({ foundInf }) => foundInf);
      if (found.length === 0) throw failed('No inf checks were recorded prior to update.');
      const interval = this.#growthInterval;
      const sum = this.#sum(found, scale);
      updateScale_(scale, growthTracker, sum, this.#growthFactor, this.#backoffFactor, interval);
    }
    this.#progress = new Map();
  }

  /** The factor; 1 without scaling. It waits for the GPU. */
  getScale(): number {
    if (!this.#enabled) return 1;
    return this.#scale ? this.#scale.item() : this.#initScale;
  }
  getGrowthFactor(): number {
    return this.#growthFactor;
  }
  setGrowthFactor(factor: number): void {
    this.#growthFactor = factor;
  }
  getBackoffFactor(): number {
    return this.#backoffFactor;
  }
  setBackoffFactor(factor: number): void {
    this.#backoffFactor = factor;
  }
  getGrowthInterval(): number {
    return this.#growthInterval;
  }
  setGrowthInterval(interval: number): void {
    this.#growthInterval = interval;
  }
  isEnabled(): boolean {
    return this.#enabled;
  }

  /** What is to be saved, after an `update`; nothing without scaling. */
  stateDict(): GradScalerStateDict | Record<string, never> {
    if (!this.#enabled) return {};
    return {
      scale: this.getScale(),
      growth_factor: this.#growthFactor,
      backoff_factor: this.#backoffFactor,
      growth_interval: this.#growthInterval,
      _growth_tracker: this.#growthTracker?.item() ?? this.#initGrowthTracker,
    };
  }

  /** Throws TorchError (RuntimeError) for the state of a scaler that was not enabled. */
  loadStateDict(state: object | ReadonlyMap<string, unknown>): void {
    if (!this.#enabled) return;
    const given = state instanceof Map ? Object.fromEntries(state) : state;
    if (Object.keys(given).length === 0) {
      throw new TorchError(
        'The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler.',
        'RuntimeError',
      );
    }
    const { scale, _growth_tracker: tracker, ...rest } = given as GradScalerStateDict;
    this.#initScale = scale;
    this.#scale?.fill_(scale);
    this.#growthFactor = rest.growth_factor;
    this.#backoffFactor = rest.backoff_factor;
    this.#growthInterval = rest.growth_interval;
    this.#initGrowthTracker = tracker;
    this.#growthTracker?.fill_(tracker);
  }
}

const valuesOfSparse = operator<(gradient: Tensor) => Tensor>('_values', ['']);

/** A sparse gradient's values; equal indices are added up first where the sum may overflow. */
function valuesOf(parameter: Tensor, gradient: Tensor): Tensor {
  if (gradient.dtype !== 'float16') return valuesOfSparse(gradient);
  parameter.grad = gradient.coalesce();
  return valuesOfSparse(parameter.grad!);
}
