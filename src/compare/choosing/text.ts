import { counted, list, percent, table } from '../format';
import { programOf } from './code';
import { type Figures, figuresOf } from './figures';
import { mistakeNames, mistakesOf } from './mistakes';
import type { ChoosingRecord } from './record';
import { type Stack, stackNames, stacks } from './stacks';
import { megabytes, milliseconds, shortSeconds, times } from './units';

const allFigures = (record: ChoosingRecord) =>
  Object.fromEntries(stackNames.map((stack) => [stack, figuresOf(record, stack)])) as Readonly<
    Record<Stack, Figures>
  >;

const named = (found: readonly Stack[]) => list(found.map((stack) => stacks[stack].name));

/** What was measured, in a sentence. */
export function choosingSize({ design, data }: ChoosingRecord): string {
  const { rounds, batchSize, learningRate, chunks, chunkSteps, validationImages } = design;
  return (
    `The model of TensorFlow’s recipe on ${data.name}’s 28 × 28 pixels, batches of ${batchSize}, learning rate ${learningRate}; ` +
    `at most ${counted(chunks * chunkSteps, 'step')}, ${counted(validationImages, 'validation image')}, ` +
    `${counted(rounds, 'round')}, each stack in turn and in a process of its own.`
  );
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

/** What the language adds to each framework's step. */
export function speedText(record: ChoosingRecord): string {
  const figures = allFigures(record);
  const pair = (framework: 'pytorch' | 'tensorflow', name: string) => {
    const ratio = figures[`${framework}-typescript`].step / figures[`${framework}-python`].step;
    return `${name}’s step takes from TypeScript ${times(ratio)} what it takes from Python`;
  };
  const between = figures['tensorflow-python'].step / figures['pytorch-python'].step;
  return (
    `${pair('pytorch', 'PyTorch')}, ${pair('tensorflow', 'TensorFlow')}. ` +
    `From Python, TensorFlow’s takes ${times(between)} what PyTorch’s takes.`
  );
}

/** How long and how many steps each trains to the goal. */
export function goalTable(record: ChoosingRecord): string {
  return stackTable(
    [`seconds to ${percent(record.design.goal, 0)}`, 'steps to it', 'accuracy at the end'],
    record,
    ({ goal }, stack) => {
      const ends = record.stacks[stack].rounds.map(({ chunks }) => chunks.at(-1)!.accuracy);
      const [low, high] = [Math.min(...ends), Math.max(...ends)];
      return [
        goal ? goal.seconds.toFixed(1) : 'not reached',
        goal ? String(goal.steps) : '–',
        low === high ? percent(low) : `${percent(low)} to ${percent(high)}`,
      ];
    },
  );
}

/** Whether the goal was reached, and what decides when. */
export function goalText(record: ChoosingRecord): string {
  const { goal, chunkSteps, chunks } = record.design;
  const figures = allFigures(record);
  const missed = stackNames.filter((stack) => figures[stack].goal === null);
  const look = `The accuracy is asked every ${chunkSteps} steps, and asking is not counted.`;
  if (missed.length === stackNames.length) {
    return `**At this size no stack reaches ${percent(goal, 0)}**: ${chunks * chunkSteps} steps are too few. ${look}`;
  }
  const some =
    missed.length > 0
      ? ` Within ${chunks * chunkSteps} steps ${named(missed)} did not reach it in every round.`
      : '';
  const [ours, theirs] = [figures['pytorch-typescript'].goal, figures['pytorch-python'].goal];
  const same =
    ours && theirs && ours.steps === theirs.steps
      ? ` PyTorch needs the same ${ours.steps} steps from both languages, since one seed gives both the same weights and batches.`
      : '';
  return `${look}${same}${some} The other differences in steps are the luck of the start.`;
}

/** Start-up. */
export const startTable = (record: ChoosingRecord): string =>
  stackTable(['to the first tensor', 'memory held then'], record, ({ startUp, startMemory }) => [
    shortSeconds(startUp),
    megabytes(startMemory),
  ]);

/** Peak memory. */
export const memoryTable = (record: ChoosingRecord): string =>
  stackTable(['at most', 'of it for training'], record, ({ peakMemory, startMemory }) => [
    megabytes(peakMemory),
    megabytes(peakMemory - startMemory),
  ]);

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

/** Longest message that is shown whole. */
const longest = 400;

const cell = (text: string) => text.replace(/[\\|<>*_`[\]$]/g, (mark) => `\\${mark}`);

/** The words of a message: its beginning, and of a long one how long it is and the line that says it. */
function messageText(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const whole = lines.join(' ');
  if (whole.length <= longest) return cell(whole);
  const end = lines.slice(-3).join(' ');
  const tail = end.length < longest ? end : `${end.slice(0, longest)} …`;
  return `${cell(lines[0]!.slice(0, longest))} … ${cell(tail)} (${counted(lines.length, 'line')}, ${counted(message.length, 'character')})`;
}

/** What each stack says to one mistake. */
function mistakeTable(record: ChoosingRecord, mistake: string): string {
  const rows = stackNames.map((stack) => {
    const { error, loss, early } = record.stacks[stack].mistakes[mistake]!;
    const went = loss === null ? '' : `; it went on, with a loss of ${loss.toPrecision(4)}`;
    const said = error === null ? `**no error**${went}` : messageText(error);
    const code = `\`${mistakesOf(stack)[mistake]!.code}\``;
    return `| ${stacks[stack].name} | ${code} | ${early ? '**yes**' : 'no'} | ${said} |`;
  });
  const head = ['', 'the code', 'told before it runs', 'told when it runs'];
  return [`| ${head.join(' | ')} |`, '|:--|:--|:--|:--|', ...rows].join('\n');
}

/** All mistakes, one after the other: what was written, and what was said to it. */
export const mistakesText = (record: ChoosingRecord): string =>
  Object.entries(mistakeNames)
    .map(([mistake, name]) => `### ${capital(name)}\n\n${mistakeTable(record, mistake)}`)
    .join('\n\n');

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
