import { counted, list, percent, table } from '../format';
import { type Figures, figuresOf } from './figures';
import { mistakeNames } from './mistakes';
import type { ChoosingRecord } from './record';
import { type Stack, stackNames, stacks } from './stacks';
import { megabytes, milliseconds, shortSeconds, times } from './units';

/** Headings of the notebook, where the evidence stands, as addresses have them. */
const evidence = {
  speed: '#How-fast-it-trains',
  goal: '#How-soon-it-is-good',
  start: '#How-soon-it-starts',
  memory: '#How-much-memory-it-takes',
  code: '#How-much-there-is-to-write',
  names: '#How-much-there-is-to-know',
  mistakes: '#What-it-says-about-mistakes',
} as const;

/** Where a text stands: links from another notebook name this one, a terminal has none. */
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

/** A question of a beginner, and each stack's answer to it. */
interface Question {
  readonly asks: string;
  /** What the first by this is. */
  readonly first: string;
  readonly to: keyof typeof evidence;
  readonly show: (figures: Figures) => string;
  /** The smallest is the best. */
  readonly rank: (figures: Figures) => number;
}

const questions = ({ design }: ChoosingRecord): readonly Question[] => [
  {
    asks: 'I want to write little',
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
    asks: 'I want to be told of mistakes',
    first: 'most mistakes told',
    to: 'mistakes',
    show: ({ told, early }) =>
      `${told} of ${Object.keys(mistakeNames).length}, ${early} before it runs`,
    rank: ({ told, early }) => -told - early / 10,
  },
  {
    asks: 'I don’t want to wait for it to start',
    first: 'soonest ready',
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
    asks: `I want ${percent(design.goal, 0)} soon`,
    first: `soonest at ${percent(design.goal, 0)}`,
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

/** The stacks that come first by a rank; none where none has a figure. */
function firsts(record: ChoosingRecord, { rank }: Pick<Question, 'rank'>): Stack[] {
  const ranks = stackNames.map((stack) => rank(figuresOf(record, stack)));
  const best = Math.min(...ranks);
  return Number.isFinite(best) ? stackNames.filter((_, i) => ranks[i] === best) : [];
}

/**
 * A table to decide by: what a beginner may want, and what each stack has to offer, the best in bold.
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
      ['I want more pictures right', ...stackNames.map(() => recipe)],
    ],
  );
}

/** Which to take? The answer in Markdown. */
export function answerOfChoosing(record: ChoosingRecord, place: Place = 'here'): string {
  const link = linker(place);
  const all = questions(record);
  const steps = stackNames.map((stack) => figuresOf(record, stack).step);
  const one = stackNames.find((stack) =>
    all.every((question) => firsts(record, question).includes(stack)),
  );
  const verdict = one
    ? `**${stacks[one].name}: it is first in everything that was asked.**`
    : '**It depends on what you care for: none is first in everything.**';
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
