import { counted, list, percent, table } from '../format';
import { type Figures, figuresOf } from './figures';
import { mistakeNames } from './mistakes';
import type { ChoosingRecord } from './record';
import { type Stack, stackNames, stacks } from './stacks';
import { megabytes, milliseconds, shortSeconds, times } from './units';

/** Anchors of the notebook's sections with the evidence. */
const evidence = {
  speed: '#How-fast-it-trains',
  goal: '#How-fast-it-gets-good',
  start: '#How-fast-it-starts',
  memory: '#How-much-memory-it-takes',
  code: '#How-much-there-is-to-write',
  names: '#How-much-there-is-to-know',
  mistakes: '#How-it-reports-mistakes',
} as const;

/** Where a text is shown: links from another notebook name this one, a terminal has none. */
type Place = 'here' | 'elsewhere' | 'terminal';

const notebooks = {
  choosing: '09-choosing.ipynb',
  sameRecipe: '07-same-recipe.ipynb',
  changes: '08-what-made-the-difference.ipynb',
} as const;

type Link = (text: string, to: keyof typeof evidence) => string;

const linker =
  (place: Place): Link =>
  (text, to) =>
    place === 'terminal'
      ? text
      : `[${text}](${place === 'here' ? '' : notebooks.choosing}${evidence[to]})`;

/** A beginner's question, and each stack's answer. */
interface Question {
  readonly asks: string;
  /** The label of the best one. */
  readonly first: string;
  readonly to: keyof typeof evidence;
  readonly show: (figures: Figures) => string;
  /** The smallest is the best. */
  readonly rank: (figures: Figures) => number;
}

const questions = ({ design }: ChoosingRecord): readonly Question[] => [
  {
    asks: 'I want to write little code',
    first: 'shortest program',
    to: 'code',
    show: ({ lines }) => counted(lines, 'line'),
    rank: ({ lines }) => lines,
  },
  {
    asks: 'I want to learn few names',
    first: 'fewest names to know',
    to: 'names',
    show: ({ concepts }) => counted(concepts, 'name'),
    rank: ({ concepts }) => concepts,
  },
  {
    asks: 'I want mistakes to be reported',
    first: 'most mistakes reported',
    to: 'mistakes',
    show: ({ told, early }) =>
      `${told} of ${Object.keys(mistakeNames).length}, ${early} before it runs`,
    rank: ({ told, early }) => -told - early / 10,
  },
  {
    asks: 'I want it to start fast',
    first: 'fastest start',
    to: 'start',
    show: ({ startUp }) => shortSeconds(startUp),
    rank: ({ startUp }) => startUp,
  },
  {
    asks: 'I want it to train fast',
    first: 'fastest training',
    to: 'speed',
    show: ({ step }) => `${milliseconds(step)} a step`,
    rank: ({ step }) => step,
  },
  {
    asks: `I want ${percent(design.goal, 0)} fast`,
    first: `first to reach ${percent(design.goal, 0)}`,
    to: 'goal',
    show: ({ goal }) => (goal ? shortSeconds(goal.seconds) : 'not reached'),
    rank: ({ goal }) => goal?.seconds ?? Number.POSITIVE_INFINITY,
  },
  {
    asks: 'I have little memory',
    first: 'least memory',
    to: 'memory',
    show: ({ peakMemory }) => megabytes(peakMemory),
    rank: ({ peakMemory }) => peakMemory,
  },
];

/** The best stacks by a rank; empty if none has a figure. */
function firsts(record: ChoosingRecord, { rank }: Pick<Question, 'rank'>): Stack[] {
  const ranks = stackNames.map((stack) => rank(figuresOf(record, stack)));
  const best = Math.min(...ranks);
  return Number.isFinite(best) ? stackNames.filter((_, i) => ranks[i] === best) : [];
}

/**
 * A decision table: what a beginner may want, and what each stack offers, the best in bold.
 * Every entry links to its evidence.
 */
export function decisionTable(record: ChoosingRecord, place: Place = 'here'): string {
  const link = linker(place);
  const rows = questions(record).map((question) => {
    const best = firsts(record, question);
    const cells = stackNames.map((stack) => {
      const entry = link(question.show(figuresOf(record, stack)), question.to);
      return best.includes(stack) ? `**${entry}**` : entry;
    });
    return [question.asks, ...cells];
  });
  const same = `[the same](${notebooks.sameRecipe})`;
  const recipe = `[by the recipe](${notebooks.changes})`;
  return table(
    ['', ...stackNames.map((stack) => stacks[stack].name)],
    [
      ...rows,
      ['I want it to learn better', ...stackNames.map(() => same)],
      ['I want higher accuracy', ...stackNames.map(() => recipe)],
    ],
  );
}

/** Which one to choose? The answer in Markdown. */
export function answerOfChoosing(record: ChoosingRecord, place: Place = 'here'): string {
  const link = linker(place);
  const all = questions(record);
  const steps = stackNames.map((stack) => figuresOf(record, stack).step);
  const one = stackNames.find((stack) =>
    all.every((question) => firsts(record, question).includes(stack)),
  );
  const verdict = one
    ? `**${stacks[one].name}: it is best in every respect.**`
    : '**It depends on what you care about: none is best in everything.**';
  const lines = all.map((question) => {
    const best = firsts(record, question);
    const who = best.map((stack) => stacks[stack].name);
    return best.length === 0
      ? `- ${question.first}: none in this run`
      : `- ${question.first}: **${list(who)}** (${link(question.show(figuresOf(record, best[0]!)), question.to)})`;
  });
  return (
    `${verdict} Of four programs for the same model, the slowest takes ` +
    `${times(Math.max(...steps) / Math.min(...steps))} as long for a step as the fastest.\n\n${lines.join('\n')}`
  );
}
