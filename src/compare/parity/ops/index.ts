import * as torch from '../../../torch';
import type { Suite } from '../suite';
import { compareSample, type Outcome } from './comparison';
import { sampleFrames } from './frames';
import { twinOf } from './surface';

/** The goal: of the operators that are ATen functions, so many have all samples identical. */
const goal = 0.98;

interface Tally {
  readonly name: string;
  /** A function that Python writes on top of several operators. */
  readonly python: boolean;
  samples: number;
  identical: number;
  different: number;
  unsupported: number;
  /** Of the first sample that is not identical. */
  reason?: string;
}

const count = (tallies: readonly Tally[], figure: 'samples' | Outcome['kind']): number =>
  tallies.reduce((sum, tally) => sum + tally[figure], 0);

/**
 * PyTorch's own sample inputs through Python and through our public surface, forward and backward, on one thread: each
 * result and gradient compared in dtype, shape, strides and bits.
 */
export const ops: Suite = async ({ seed, log, only }) => {
  const tallies = new Map<string, Tally>();
  const threads = torch.getNumThreads();
  torch.setNumThreads(1);
  try {
    let seedOfSample = 0;
    let last = '';
    let reported = 0;
    for await (const frame of sampleFrames(seed, only?.split(',') ?? [])) {
      const name = frame.variant ? `${frame.op} (${frame.variant})` : frame.op;
      if (last !== `${name} ${frame.dtype}`) seedOfSample = 0;
      last = `${name} ${frame.dtype}`;
      if (frame.done >= reported + 0.1) {
        reported = Math.floor(frame.done * 10) / 10;
        log(`ops: ${Math.round(frame.done * 100)} %`);
      }
      let tally = tallies.get(name);
      if (!tally) {
        const zero = { samples: 0, identical: 0, different: 0, unsupported: 0 };
        tally = { name, python: frame.python, ...zero };
        tallies.set(name, tally);
      }
      const twin = twinOf(frame);
      for (const sample of frame.samples) {
        const seedHere = seedOfSample++;
        const outcome: Outcome = twin
          ? torch.tidy(() => compareSample(twin, frame, sample, seedHere))
          : { kind: 'unsupported', reason: 'there is no such function' };
        tally.samples++;
        tally[outcome.kind]++;
        if (outcome.reason) tally.reason ??= `${frame.dtype}: ${outcome.reason}`;
      }
    }
  } finally {
    torch.setNumThreads(threads);
  }
  return [summary('ops', [...tallies.values()])];
};

function summary(suite: string, all: readonly Tally[]) {
  const aten = all.filter(({ python }) => !python);
  const whole = aten.filter(({ samples, identical }) => samples === identical);
  const share = whole.length / aten.length;
  return {
    suite,
    ok: share >= goal,
    ops: aten.length,
    identicalOps: whole.length,
    share,
    samples: count(aten, 'samples'),
    identical: count(aten, 'identical'),
    different: count(aten, 'different'),
    unsupported: count(aten, 'unsupported'),
    notIdentical: aten.filter((tally) => tally.samples !== tally.identical),
    python: all.filter(({ python }) => python),
  };
}
