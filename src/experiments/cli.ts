import { readArguments } from '../command/arguments';
import { UserError } from '../command/errors';
import { untilInterrupted } from '../command/interrupts';
import type { ImageDataset } from '../data';
import { checkProfile, type Profile } from '../training/profiles';
import { answerOfChanges, changesName, describeRun, runChanges } from './changes';
import { answerOfChoosing, choosingName, quietText, runChoosing, stacks } from './choosing';
import { loadDataset } from './dataset';
import { type Origin, writeResult } from './results';
import { answerOfSameRecipe, runSameRecipes, sameRecipeName } from './same-recipe';

/** Runs an experiment, reports its progress, and returns its record and its answer. */
type Run = (
  profile: Profile,
  dataset: ImageDataset,
  tell: (line: string) => void,
  signal: AbortSignal,
) => Promise<{ readonly record: Origin; readonly answer: string }>;

const clock = (seconds: number): string => {
  const minutes = Math.round(seconds / 60);
  return seconds < 90 ? `${Math.round(seconds)} s` : `${minutes} min`;
};

const experiments: Readonly<Record<string, Run>> = {
  [sameRecipeName]: async (profile, dataset, tell, signal) => {
    const record = await runSameRecipes(profile, dataset, {
      seed: 0,
      signal,
      onProgress: ({ done, total }) => {
        if (done === 1 || done % 20 === 0 || done === total) tell(`step ${done} of ${total}`);
      },
    });
    return { record, answer: answerOfSameRecipe(record) };
  },
  [changesName]: async (profile, dataset, tell, signal) => {
    const record = await runChanges(profile, dataset, {
      signal,
      onProgress: ({ done, total, cell, epoch, secondsLeft }) => {
        const left = secondsLeft === undefined ? '' : `; ${clock(secondsLeft)} left`;
        const now = cell
          ? `: ${describeRun(cell)}${epoch ? `, epoch ${epoch} of ${cell.recipe.epochs}` : ''}`
          : '';
        if (!epoch || process.stderr.isTTY) tell(`${done} of ${total} runs${now}${left}`);
      },
    });
    return { record, answer: answerOfChanges(record) };
  },
  [choosingName]: async (profile, dataset, tell, signal) => {
    const record = await runChoosing(profile, dataset, {
      signal,
      onProgress: ({ done, total, stack }) =>
        tell(`${done} of ${total} processes${stack ? `: ${stacks[stack].name}` : ''}`),
    });
    return { record, answer: `${answerOfChoosing(record, 'terminal')}\n\n${quietText(record)}` };
  },
};

function parse(argv: string[]) {
  return readArguments('experiment', {
    args: argv,
    allowPositionals: true,
    options: {
      profile: { type: 'string', default: 'quick' },
      data: { type: 'string', default: 'mnist' },
      json: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  });
}

/** On a terminal one line, updated in place; elsewhere a line for each message. */
function tell(line: string): void {
  const { stderr } = process;
  if (stderr.isTTY) stderr.write(`\r\x1b[K${line.slice(0, stderr.columns - 1)}`);
  else stderr.write(`${line}\n`);
}

/** `npm run experiment`: runs, records, and prints the answers. */
export async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  const profile = checkProfile(values.profile);
  const names = positionals.length > 0 ? positionals : Object.keys(experiments);
  for (const name of names) {
    if (!experiments[name]) {
      const known = Object.keys(experiments).join(', ');
      throw new UserError(`Unknown experiment '${name}'. Choose ${known}.`);
    }
  }
  const dataset = await loadDataset(values.data);
  let running = names[0]!;
  const onStart = (name: string) => {
    running = name;
  };
  return untilInterrupted(
    (signal) => runAll(names, { profile, dataset, json: values.json, onStart }, signal),
    () => `Interrupted. ${whatIsKept(names, running)}`,
  );
}

/** What an interrupted call keeps of its experiments. */
function whatIsKept(names: readonly string[], running: string): string {
  const before = names.slice(0, names.indexOf(running));
  const finished = before.length > 0 ? `Finished and recorded: ${before.join(', ')}. ` : '';
  return running === changesName
    ? `${finished}The finished runs of ${running} are kept: the same call continues from there.`
    : `${finished}Nothing of ${running} is kept: the same call starts it from the beginning.`;
}

interface Call {
  readonly profile: Profile;
  readonly dataset: ImageDataset;
  readonly json: boolean | undefined;
  readonly onStart: (name: string) => void;
}

/** Whether this is torchrun's first process, or started without it. */
const isFirst = (process.env.RANK ?? '0') === '0';

async function runAll(
  names: readonly string[],
  { profile, dataset, json, onStart }: Call,
  signal: AbortSignal,
): Promise<number> {
  const records: Record<string, Origin> = {};
  for (const name of names) {
    onStart(name);
    // Under torchrun the processes share the runs; the first alone does what can't be divided, and records.
    if (!isFirst && name !== changesName) continue;
    const say = (line: string) => tell(`${name}: ${line}`);
    const { record, answer } = await experiments[name]!(profile, dataset, say, signal);
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    if (!isFirst) continue;
    records[name] = record;
    const path = writeResult(name, dataset, record);
    if (json) continue;
    console.log(`${name}, profile ${profile}, ${dataset.name}\n${answer}\n→ ${path}\n`);
  }
  if (json && isFirst) console.log(JSON.stringify(records, null, 1));
  return 0;
}
