import { device } from '../device';
import { type MemoryStats, native } from '../native';
import { warn } from '../nn/functional/warning';
import { type CudaDevice, currentDevice, init, isInitialized, nameOf } from './devices';
import { summary } from './memory-summary';

/** The counts of a GPU; none before CUDA has been started. */
export const memoryStatsAsNestedDict = (of: CudaDevice = null): MemoryStats =>
  isInitialized() ? native.memoryStats(nameOf(of)) : {};

function* flat(stats: MemoryStats, prefix = ''): Generator<[string, number]> {
  for (const [name, value] of Object.entries(stats)) {
    if (typeof value === 'number') yield [prefix + name, value];
    else yield* flat(value, `${prefix}${name}.`);
  }
}

/** The counts of a GPU by names such as `'allocated_bytes.all.peak'`, sorted (`torch.cuda.memory_stats`). */
export const memoryStats = (of: CudaDevice = null): Map<string, number> =>
  new Map([...flat(memoryStatsAsNestedDict(of))].sort(([a], [b]) => (a < b ? -1 : 1)));

const bytes =
  (name: string) =>
  (of: CudaDevice = null): number =>
    memoryStats(of).get(name) ?? 0;

/** Bytes that tensors take on a GPU. */
export const memoryAllocated = bytes('allocated_bytes.all.current');
/** The most of them at once, since the start or {@link resetPeakMemoryStats}. */
export const maxMemoryAllocated = bytes('allocated_bytes.all.peak');
/** Bytes that PyTorch holds, in use or kept for what comes. */
export const memoryReserved = bytes('reserved_bytes.all.current');
export const maxMemoryReserved = bytes('reserved_bytes.all.peak');

/** Has the peaks start from what is used now. */
export const resetPeakMemoryStats = (of: CudaDevice = null): void =>
  native.resetPeakStats(nameOf(of));
/** Has the totals start from 0. */
export const resetAccumulatedMemoryStats = (of: CudaDevice = null): void =>
  native.resetAccumulatedStats(nameOf(of));

const renamed =
  <Arguments extends unknown[], Result>(
    message: string,
    run: (...args: Arguments) => Result,
  ): ((...args: Arguments) => Result) =>
  (...args) => {
    warn(message);
    return run(...args);
  };

const resets = (name: string) =>
  renamed(
    `torch.cuda.${name} now calls torch.cuda.reset_peak_memory_stats, which resets /all/ peak memory stats.`,
    resetPeakMemoryStats,
  );
/** Old names of {@link resetPeakMemoryStats}, which warn. */
export const resetMaxMemoryAllocated = resets('reset_max_memory_allocated');
export const resetMaxMemoryCached = resets('reset_max_memory_cached');
/** Old names of {@link memoryReserved} and {@link maxMemoryReserved}, which warn. */
export const memoryCached = renamed(
  '`torch.cuda.memory_cached` has been renamed to `torch.cuda.memory_reserved`',
  memoryReserved,
);
export const maxMemoryCached = renamed(
  '`torch.cuda.max_memory_cached` has been renamed to `torch.cuda.max_memory_reserved`',
  maxMemoryReserved,
);

/** Gives memory that PyTorch keeps unused back to the system; nothing before CUDA has been started. */
export function emptyCache(): void {
  if (isInitialized()) native.emptyCache('cuda');
}
/** Free and total bytes of a GPU. */
export const memGetInfo = (of: CudaDevice = null): [free: number, total: number] =>
  native.memoryInfo(nameOf(of)) as [number, number];

/** The counts of a GPU as a table, to print. */
export function memorySummary(of: CudaDevice = null, abbreviated = false): string {
  init();
  const { index } = device(nameOf(of) as 'cuda');
  return summary(memoryStats(of), index ?? currentDevice(), abbreviated);
}
