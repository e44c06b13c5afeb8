import { median } from 'simple-statistics';
import { counted, list, percent, table } from '../format';
import { programOf } from './code';
import { type Figures, figuresOf, progressOf } from './figures';
import { mistakeNames, mistakesOf } from './mistakes';
import type { ChoosingRecord, MistakeRecord } from './record';
import { type Stack, stackNames, stacks } from './stacks';
import { megabytes, milliseconds, shortSeconds, times } from './units';

const allFigures = (record: ChoosingRecord) =>
  Object.fromEntries(stackNames.map((stack) => [stack, figuresOf(record, stack)])) as Readonly<
    Record<Stack, Figures>
  >;

const named = (found: readonly Stack[]) => list(found.map((stack) => stacks[stack].name));

/** The measurement's set-up, in a sentence. */
export function choosingSize({ design, data }: ChoosingRecord): string {
  const { rounds, batchSize, learningRate, chunks, chunkSteps, validationImages } = design;
  return (
    `The model of TensorFlow’s recipe on ${data.name}’s 28 × 28 pixels, batches of ${batchSize}, learning rate ${learningRate}; ` +
    `at most ${counted(chunks * chunkSteps, 'step')}, ${counted(validationImages, 'validation image')}, ` +
    `${counted(rounds, 'round')}, each stack in turn and in its own process.`
  );
}

/** If other work takes more than this share of the processors, times are doubtful. */
const quiet = 0.1;

/** How quiet the machine was: medians ignore disturbed rounds, unless most are. */
export function quietText({ stacks: found }: ChoosingRecord): string {
  const others = stackNames.map((stack) => found[stack].rounds.map((round) => round.others));
  const all = others.flat();
  const share = `Other work took at most ${percent(Math.max(...all))} of the processors’ time meanwhile`;
  if (others.some((rounds) => median(rounds) > quiet)) {
    return `**The machine was not quiet.** ${share}, so the times are not to be trusted; the memory, the code and the mistakes are.`;
  }
  const disturbed = all.filter((value) => value > quiet).length;
  return disturbed === 0
    ? `${share}.`
    : `${share}, and more than ${percent(quiet, 0)} in ${disturbed} of ${counted(all.length, 'process').replace(/s$/, 'es')}, which the medians ignore.`;
}

/** One row for each stack. */
const stackTable = (
  head: readonly string[],
  record: ChoosingRecord,
  row: (figures: Figures, stack: Stack) => readonly string[],
) =>
  table(
    ['', ...head],
    stackNames.map((stack) => [stacks[stack].name, ...row(figuresOf(record, stack), stack)]),
  );

/** A step and an epoch. */
export const speedTable = (record: ChoosingRecord): string =>
  stackTable(
    ['a step', 'steps a second', `an epoch of ${record.epochSteps.toLocaleString('en')} steps`],
    record,
    ({ step, epoch }) => [
      milliseconds(step),
      (1 / step).toFixed(1),
      `${epoch < 90 ? `${epoch.toFixed(1)} s` : `${(epoch / 60).toFixed(1)} min`}`,
    ],
  );

/** The language's effect on each framework's step. */
export function speedText(record: ChoosingRecord): string {
  const figures = allFigures(record);
  const pair = (framework: 'pytorch' | 'tensorflow', name: string) => {
    const ratio = figures[`${framework}-typescript`].step / figures[`${framework}-python`].step;
    return `${name}’s step takes ${times(ratio)} as long from TypeScript as from Python`;
  };
  const between = figures['tensorflow-python'].step / figures['pytorch-python'].step;
  return (
    `${pair('pytorch', 'PyTorch')}, ${pair('tensorflow', 'TensorFlow')}. ` +
    `From Python, TensorFlow’s takes ${times(between)} as long as PyTorch’s.`
  );
}

/** The time and steps that each needs to reach the goal. */
export function goalTable(record: ChoosingRecord): string {
  return stackTable(
    [`seconds to ${percent(record.design.goal, 0)}`, 'steps to it', 'accuracy at the end'],
    record,
    ({ goal }, stack) => {
      const ends = record.stacks[stack].rounds.map(({ chunks }) => chunks.at(-1)!.accuracy);
      const [low, high] = [Math.min(...ends), Math.max(...ends)];
      return [
        goal ? goal.seconds.toFixed(1) : 'not reached',
        goal ? goal.steps.toLocaleString('en') : '–',
        low === high ? percent(low) : `${percent(low)} to ${percent(high)}`,
      ];
    },
  );
}

/** Whether the goal was reached, and what affects when. */
export function goalText(record: ChoosingRecord): string {
  const { goal, chunkSteps, chunks } = record.design;
  const most = counted(chunks * chunkSteps, 'step');
  const missed = stackNames.filter((stack) => figuresOf(record, stack).goal === null);
  const look = `The accuracy is measured every ${chunkSteps} steps, and measuring is not counted.`;
  if (missed.length === stackNames.length) {
    return `**At this size no stack reaches ${percent(goal, 0)}**: ${most} are too few. ${look}`;
  }
  const some =
    missed.length > 0 ? ` Within ${most} ${named(missed)} did not reach it in every round.` : '';
  const [ours, theirs] = (['pytorch-typescript', 'pytorch-python'] as const).map((stack) =>
    JSON.stringify(
      progressOf(record, stack).map((points) => points.map(({ accuracy }) => accuracy)),
    ),
  );
  const same =
    ours === theirs
      ? ' PyTorch has the same accuracies from both languages, since one seed gives both the same weights and batches: its curves differ only in time.'
      : '';
  return `${look}${same}${some} Otherwise the number of steps also depends on the random start.`;
}

/** Start-up. */
export const startTable = (record: ChoosingRecord): string =>
  stackTable(['to the first tensor', 'memory then'], record, ({ startUp, startMemory }) => [
    shortSeconds(startUp),
    megabytes(startMemory),
  ]);

/** Peak memory. */
export const memoryTable = (record: ChoosingRecord): string =>
  stackTable(
    ['peak', 'from round to round', 'of it for training'],
    record,
    ({ peakMemory, startMemory }, stack) => {
      const peaks = record.stacks[stack].rounds.map((round) => round.peakMemory);
      const [low, high] = [Math.min(...peaks), Math.max(...peaks)].map(megabytes);
      return [
        megabytes(peakMemory),
        low === high ? low! : `${low} to ${high}`,
        megabytes(peakMemory - startMemory),
      ];
    },
  );

/** Lines and names. */
export const codeTable = (record: ChoosingRecord): string =>
  stackTable(['lines', 'names'], record, ({ lines, concepts }) => [
    String(lines),
    String(concepts),
  ]);

/** The names that a stack's program uses. */
export const conceptsText = ({ stacks: found }: ChoosingRecord): string =>
  stackNames
    .map((stack) => {
      const names = found[stack].code.concepts.map((name) => `\`${name}\``);
      return `- **${stacks[stack].name}**: ${names.join(', ')}`;
    })
    .join('\n');

/** A stack's program, as it was run. */
export const programText = (stack: Stack): string =>
  `\`\`\`${stacks[stack].language}\n${programOf(stack).trim()}\n\`\`\``;

/** How many lines of a message are shown, their width, and where long ones wrap. */
const [head, tail, columns, width] = [3, 3, 240, 90];

/** A message in a code block: a long one is shortened to its first and last lines. */
function messageBlock(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const shown =
    lines.length <= head + tail
      ? lines
      : [
          ...lines.slice(0, head),
          `… ${counted(lines.length - head - tail, 'more line')} …`,
          ...lines.slice(-tail),
        ];
  const cut = shown.map((line) => (line.length > columns ? `${line.slice(0, columns)} …` : line));
  const breaks = new RegExp(`(.{1,${width}})(?:\\s+|$)`, 'g');
  const broken = cut.map((line) => line.replace(breaks, '$1\n').trimEnd());
  return `\`\`\`text\n${broken.join('\n')}\n\`\`\``;
}

/** When a mistake is reported, in a few words. */
function told({ error, early }: MistakeRecord): string {
  if (early) return error === null ? 'before it runs' : 'before and when it runs';
  return error === null ? '**not at all**' : 'when it runs';
}

/** All mistakes and when each stack reports them. */
export const mistakesTable = (record: ChoosingRecord): string =>
  table(
    ['', ...stackNames.map((stack) => stacks[stack].name)],
    Object.entries(mistakeNames).map(([mistake, name]) => [
      name,
      ...stackNames.map((stack) => told(record.stacks[stack].mistakes[mistake]!)),
    ]),
  );

/** A stack's response to one mistake: the code, and the message. */
function messageText(record: ChoosingRecord, stack: Stack, mistake: string): string {
  const { error, loss, early } = record.stacks[stack].mistakes[mistake]!;
  const code = mistakesOf(stack)[mistake]!.code;
  const before = early ? ' The compiler marks it before it runs.' : '';
  const went =
    loss === null
      ? 'Training continues'
      : `Training continues, with a loss of ${loss.toPrecision(4)}`;
  const then =
    error === null ? ` ${early ? '' : '**No error.** '}${went}${early ? ', if run' : ''}.` : '';
  const block = error === null ? '' : `\n\n${messageBlock(error)}`;
  return `**${stacks[stack].name}**: \`${code}\`${before}${then}${block}`;
}

/** All mistakes in turn: the code, and the message. */
export const mistakesText = (record: ChoosingRecord): string =>
  Object.entries(mistakeNames)
    .map(([mistake, name]) => {
      const all = stackNames.map((stack) => messageText(record, stack, mistake));
      return `### ${capital(name)}\n\n${all.join('\n\n')}`;
    })
    .join('\n\n');

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
