import * as torch from 'tandem-torch';
import { UserError } from '../../command/errors';
import type { Suite, SuiteOptions } from '../suite';
import { compareSample } from './comparison';
import { type Frame, sampleFrames } from './frames';
import { twinOf } from './surface';
import { count, emptyTally, groups, isIdentical, summarize, type Tally } from './tally';

const missing = { kind: 'unsupported', reason: 'there is no such function' } as const;

const nameOf = ({ op, variant }: Frame): string => (variant ? `${op} (${variant})` : op);

/**
 * PyTorch's own sample inputs through Python and through our public surface, on one thread: each result and gradient
 * compared in dtype, shape, strides and bits, as a function, as a method, into `out` and in place.
 */
export const ops: Suite = async (options) => {
  const threads = torch.getNumThreads();
  torch.setNumThreads(1);
  const tallies = await compareAll(options).finally(() => torch.setNumThreads(threads));
  if (tallies.length === 0) {
    throw new UserError(`No operator of PyTorch's database has '${options.only}' in its name.`);
  }
  for (const tally of tallies.filter((each) => !isIdentical(each))) {
    options.log(`${tally.name}: ${tally.first}`);
  }
  return groups.flatMap((kind) => {
    const ofKind = tallies.filter(({ group }) => group === kind);
    return ofKind.length > 0 ? [summarize(kind, ofKind)] : [];
  });
};

async function compareAll({ seed, log, only, device }: SuiteOptions): Promise<Tally[]> {
  const tallies = new Map<string, Tally>();
  let told = 0;
  for await (const frame of sampleFrames(seed, only?.split(',') ?? [], device)) {
    const percent = Math.floor(frame.done * 10) * 10;
    if (percent > told) {
      told = percent;
      log(`ops: ${percent} %`);
    }
    const group = frame.dtype === 'refused' ? 'refused' : frame.python ? 'python' : 'aten';
    const name = nameOf(frame);
    const key = `${group} ${name}`;
    const tally = tallies.get(key) ?? emptyTally(name, group);
    tallies.set(key, tally);
    const twin = twinOf(frame);
    for (const [i, sample] of frame.samples.entries()) {
      const compare = () => (twin ? compareSample(twin, frame, sample, frame.first + i) : missing);
      count(tally, frame.dtype, torch.tidy(compare));
    }
  }
  return [...tallies.values()];
}
