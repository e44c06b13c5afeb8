import { type Device, device } from '../device';
import { native } from '../native';
import { Generator } from '../random';
import type { Tensor } from '../tensor';
import { currentDevice, deviceCount, init, isAvailable } from './devices';

/** The generators of the GPUs, by number, from which operators draw that are given none. */
export function defaultGenerators(): Generator[] {
  return Array.from({ length: deviceCount() }, (_, i) => generatorOf(i));
}

const generatorOf = (index: number) => new Generator(native.defaultGenerator(`cuda:${index}`));

function generatorFor(given: Device | number): Generator {
  init();
  return generatorOf(device(given).index ?? currentDevice());
}

/** The state of a GPU's generator, a uint8 tensor that Python's `set_rng_state` takes as well. */
export const getRngState = (given: Device | number = 'cuda'): Tensor =>
  generatorFor(given).getState();
export const getRngStateAll = (): Tensor[] =>
  Array.from({ length: deviceCount() }, (_, i) => getRngState(i));
/** Sets the state of a GPU's generator; without any GPU it does nothing, as in Python. */
export function setRngState(state: Tensor, given: Device | number = 'cuda'): void {
  if (isAvailable()) generatorFor(given).setState(state);
}
export const setRngStateAll = (states: Iterable<Tensor>): void => {
  for (const [i, state] of [...states].entries()) setRngState(state, i);
};

/** Seeds the current GPU; without any GPU it does nothing, as in Python. `torch.manualSeed` seeds all of them, too. */
export function manualSeed(seed: number | bigint): void {
  if (isAvailable()) generatorFor('cuda').manualSeed(seed);
}
/** Seeds all GPUs. */
export function manualSeedAll(seed: number | bigint): void {
  for (const generator of defaultGenerators()) generator.manualSeed(seed);
}
/** Seeds the current GPU with an unpredictable number. */
export function seed(): void {
  if (isAvailable()) generatorFor('cuda').seed();
}
/** Seeds all GPUs with one unpredictable number. */
export function seedAll(): void {
  const [first, ...rest] = defaultGenerators();
  const drawn = first?.seed();
  for (const generator of rest) generator.manualSeed(drawn!);
}
/** The seed of the current GPU's generator. */
export const initialSeed = (): bigint => generatorFor('cuda').initialSeed();
