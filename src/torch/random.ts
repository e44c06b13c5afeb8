import { type Device, device } from './device';
import { type Handle, native } from './native';
import { Tensor } from './tensor';

/**
 * A source of random numbers, PyTorch's `torch.Generator` (MT19937 on the CPU, Philox on GPUs). The same seed gives
 * the same numbers as in Python.
 */
export class Generator {
  /** @internal */
  readonly handle: Handle;

  /** A generator for tensors on a device, the CPU by default. */
  constructor(of: Device | Handle = 'cpu') {
    const isName = typeof of === 'string' || of instanceof device;
    this.handle = isName ? native.createGenerator(String(device(of))) : of;
  }

  /** Where the tensors are that it draws for. */
  get device(): device {
    return device(native.generatorDevice(this.handle) as Device);
  }

  manualSeed(seed: number | bigint): this {
    native.generatorSeed(this.handle, seed);
    return this;
  }

  /** Seeds it with an unpredictable number, and returns that. */
  seed(): bigint {
    return native.drawGeneratorSeed(this.handle);
  }

  /** The seed that the generator was last given. */
  initialSeed(): bigint {
    return native.generatorInitialSeed(this.handle);
  }

  /** The whole state, a uint8 tensor that Python's `set_state` takes as well. */
  getState(): Tensor {
    return new Tensor(native.generatorState(this.handle));
  }

  setState(state: Tensor): this {
    native.setGeneratorState(this.handle, state.handle);
    return this;
  }

  /** Another generator in the same state. */
  cloneState(): Generator {
    return new Generator(native.cloneGenerator(this.handle));
  }

  /** How far a GPU's generator has come. Throws TorchError for one of the CPU, which doesn't count. */
  getOffset(): number {
    return native.generatorOffset(this.handle);
  }
  setOffset(offset: number): this {
    native.setGeneratorOffset(this.handle, offset);
    return this;
  }
}

/** The generator that random operators use when they are given none. */
export const defaultGenerator = new Generator(native.defaultGenerator('cpu'));

/** Seeds the default generator and returns it (`torch.manual_seed`). */
export function manualSeed(seed: number | bigint): Generator {
  native.manualSeed(seed);
  return defaultGenerator;
}

/** Seeds the default generator with an unpredictable number, and returns it (`torch.seed`). */
export function seed(): bigint {
  const [value] = crypto.getRandomValues(new BigUint64Array(1));
  const drawn = BigInt.asUintN(63, value!);
  manualSeed(drawn);
  return drawn;
}

export const getRngState = (): Tensor => defaultGenerator.getState();
export const setRngState = (state: Tensor): void => void defaultGenerator.setState(state);
export const initialSeed = (): bigint => defaultGenerator.initialSeed();
