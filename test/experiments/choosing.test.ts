import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMnist, slice } from '../../src/data';
import {
  answerOfChoosing,
  type ChoosingRecord,
  codeTable,
  countPrograms,
  countPython,
  countTypeScript,
  decisionTable,
  figuresOf,
  goalText,
  howToChoose,
  mistakesIn,
  mistakesTable,
  mistakesText,
  needed,
  quietText,
  readFullResult,
  runChoosing,
  type Stack,
  speedText,
  stackNames,
  stacks,
  testClaims,
  whatTheCodeSays,
} from '../../src/experiments';
import { inProject } from '../../src/files/paths';
import { readFullRun } from '../../src/training/runs';
import { madeUpChoosing } from './choosing-record';
import '../outside';

const record = madeUpChoosing();

/** The same record with one stack changed. */
const changed = (stack: Stack, change: object): ChoosingRecord => ({
  ...record,
  stacks: { ...record.stacks, [stack]: { ...record.stacks[stack], ...change } },
});

describe('what there is to write and to know', () => {
  test('of TypeScript', () => {
    const source = `/** A program. */
import { readFileSync } from 'node:fs';
import * as torch from 'tandem/torch';

const { nn } = torch; // the layers
const text = readFileSync('x', 'utf8').trim();
const model = new nn.Sequential(
  new nn.Linear(784, 10, { bias: false }),
);

/* Two
   lines. */
export function loss(x: torch.Tensor) {
  return torch.nn.functional.crossEntropy(model.call(x), x, { reduction: 'sum' });
}
`;
    const { lines, concepts } = countTypeScript(source);
    expect(lines).toBe(10);
    const names = ['Linear', 'Sequential', 'Tensor', 'bias', 'call', 'crossEntropy'];
    const rest = ['functional', 'nn', 'reduction', 'sum', 'torch'];
    expect(concepts).toEqual([...names, ...rest]);
  });

  test('of Python', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tandem-count-')), 'program.py');
    writeFileSync(
      path,
      `"""A program
in two lines."""

import numpy as np
from torch import nn  # the layers
import torch.nn.functional as F

text = np.char.strip("x", chars="y")
model = nn.Sequential(
    nn.Linear(784, 10, bias=False),
)


def loss(x):
    """What is lost."""
    return F.cross_entropy(model(x), x, reduction="sum")
`,
    );
    const [{ lines, concepts }] = (await countPython([path])) as [
      { lines: number; concepts: string[] },
    ];
    expect(lines).toBe(9);
    const names = ['Linear', 'Sequential', 'bias', 'cross_entropy', 'functional'];
    expect(concepts).toEqual([...names, 'nn', 'reduction', 'sum', 'torch']);
  });
});

test('the compiler’s errors are read from the expected errors that the build checks', () => {
  const found = mistakesIn(`export const mistakes = {
  one: () => f(1),

  // @ts-expect-error
  two: () => f('x'),
};`);
  expect(found).toEqual({
    one: { code: 'f(1)', early: false },
    two: { code: "f('x')", early: true },
  });
});

test('figures are medians over the rounds, steps without the first chunk', () => {
  const { step, epoch, goal, startUp } = figuresOf(record, 'pytorch-python');
  expect(step).toBeCloseTo(0.04, 10);
  expect(epoch).toBeCloseTo(40, 8);
  expect(startUp).toBe(4);
  // 3 + 1 chunks' time in one round, 3 + 1 + 1 in the other.
  expect(goal!.seconds).toBeCloseTo(0.4 * 4.5, 10);
  expect(goal!.steps).toBe(25);
});

test('a goal that one round does not reach is not reached', () => {
  const [first, second] = record.stacks['pytorch-python'].rounds;
  const short = [first, { ...second!, chunks: second!.chunks.slice(0, 2) }];
  const without = changed('pytorch-python', { rounds: short });
  expect(figuresOf(without, 'pytorch-python').goal).toBeNull();
  expect(goalText(without)).toContain('PyTorch from Python did not reach it in every round');
  expect(decisionTable(without)).toContain('[not reached](#How-fast-it-gets-good)');
});

test('the answer, the tables and the claim follow the record', () => {
  const answer = answerOfChoosing(record);
  expect(answer).toContain('none is best in everything');
  expect(answer).toContain('**TensorFlow from Python** ([30 lines](#How-much-there-is-to-write))');
  expect(answer).toContain('fastest training: **PyTorch from Python** ([40.0 ms a step]');
  expect(answer).toContain('the slowest takes 2.00 times as long');
  expect(speedText(record)).toContain('PyTorch’s step takes 1.25 times as long from TypeScript');
  expect(codeTable(record)).toContain('| TensorFlow from TypeScript | 35 | 2 |');

  const code = { lines: 20, concepts: ['a'] };
  const other = changed('pytorch-typescript', { code });
  expect(answerOfChoosing(other)).toContain(
    'shortest program: **PyTorch from TypeScript** ([20 lines]',
  );
  const { rounds } = record.stacks['pytorch-python'];
  const first = changed('pytorch-python', { code, rounds });
  expect(answerOfChoosing(first)).toContain('PyTorch from Python: it is best in every respect');

  const { tensorflow, pytorch } = readFullRun()!.histories;
  const easier = (from?: ChoosingRecord) =>
    testClaims(tensorflow, pytorch, undefined, from).at(-1)!;
  expect(easier().verdict).toBe('cannot be tested');
  expect(easier(record).evidence).toContain('30 lines and 2 names in TensorFlow, 40 lines');
  expect(easier(first).evidence).toContain('20 lines and 1 name in PyTorch');
});

test('a busy machine is mentioned', () => {
  expect(quietText(record)).toBe(
    'Other work took at most 8.0 % of the processors’ time meanwhile.',
  );
  const [first] = record.stacks['pytorch-python'].rounds;
  const noisy = changed('pytorch-python', { rounds: [{ ...first!, others: 0.4 }] });
  expect(quietText(noisy)).toMatch(/^\*\*The machine was not quiet.\*\* .* at most 40.0 %/);
  const once = changed('pytorch-python', { rounds: [first, first, { ...first!, others: 0.4 }] });
  expect(quietText(once)).toContain('more than 10 % in 1 of 9 processes');
});

test('a mistake without an error is mentioned', () => {
  const text = mistakesText(record);
  expect(text).toContain('TypeError: no shapes');
  expect(text).toContain('**No error.** Training continues, with a loss of 2.500.');
  expect(mistakesTable(record)).toContain(
    '| when it runs | when it runs | **not at all** | when it runs |',
  );
  expect(decisionTable(record)).toContain('[5 of 5, 0 before it runs]');
});

test('a long message is shortened, and says how long it was', () => {
  const error = `ValueError: first\n${'in between\n'.repeat(80)}the cause`;
  const { mistakes } = record.stacks['pytorch-python'];
  const long = changed('pytorch-python', {
    mistakes: { ...mistakes, shapes: { error, loss: null, early: false } },
  });
  expect(mistakesText(long)).toContain(
    'ValueError: first\nin between\nin between\n… 76 more lines …\n',
  );
});

test('a wide line of a message is broken between words', () => {
  const error = `ValueError: ${'word '.repeat(30)}end`;
  const { mistakes } = record.stacks['pytorch-python'];
  const wide = changed('pytorch-python', {
    mistakes: { ...mistakes, shapes: { error, loss: null, early: false } },
  });
  const block = /```text\n(ValueError: word[^`]*)```/.exec(mistakesText(wide))![1]!;
  expect(
    block
      .trim()
      .split('\n')
      .map((line) => line.length <= 90),
  ).toEqual([true, true]);
  expect(block.replace(/\s+/g, ' ').trim()).toBe(error);
});

test('every entry of the table leads to a heading of the notebook, or to another notebook', () => {
  const { cells } = JSON.parse(readFileSync(inProject('notebooks/09-choosing.ipynb'), 'utf8'));
  const headings = cells
    .flatMap(({ source }: { source: string[] }) => source)
    .flatMap((line: string) => /^## (.+?)\n?$/.exec(line)?.[1] ?? [])
    .map((heading: string) => `#${heading.replaceAll(' ', '-')}`);
  const targets = [...decisionTable(record).matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to!);
  expect(targets).toHaveLength(9 * stackNames.length);
  for (const target of targets) {
    if (target.startsWith('#')) expect(headings).toContain(target);
    else expect(existsSync(inProject('notebooks', target))).toBe(true);
  }
});

test('in other notebooks the links name this one', () => {
  expect(whatTheCodeSays(record)).toContain('](09-choosing.ipynb#How-fast-it-trains)');
  expect(howToChoose(record)).toContain('](09-choosing.ipynb#How-fast-it-starts)');
  expect(whatTheCodeSays(undefined)).toContain('no full record');
});

describe('the measuring itself', () => {
  let found: ChoosingRecord;
  beforeAll(async () => {
    found = await runChoosing('smoke', await loadMnist());
  });

  test.each(stackNames)('%s starts, trains and makes its mistakes', (stack) => {
    const { rounds, mistakes, code } = found.stacks[stack];
    const [{ startUp, startMemory, peakMemory, chunks }] = rounds as [(typeof rounds)[number]];
    expect(startUp).toBeGreaterThan(0.05);
    expect(startMemory).toBeGreaterThan(50);
    expect(peakMemory).toBeGreaterThan(startMemory);
    expect(chunks).toHaveLength(found.design.chunks);
    for (const { seconds } of chunks) expect(seconds).toBeGreaterThan(0.01);
    expect(code.lines).toBeGreaterThan(15);
    expect(Object.keys(mistakes)).toHaveLength(5);
    expect(mistakes.features!.error).toMatch(/64/);
    expect(mistakes.shapes!.error).not.toBeNull();
  });

  test('one seed gives PyTorch the same accuracies from both languages', () => {
    const accuracies = (stack: Stack) =>
      found.stacks[stack].rounds.map(({ chunks }) => chunks.map(({ accuracy }) => accuracy));
    expect(accuracies('pytorch-typescript')).toEqual(accuracies('pytorch-python'));
  });

  test('TypeScript tells a misspelt option before it runs', () => {
    for (const stack of stackNames) {
      const { early } = found.stacks[stack].mistakes.option!;
      expect(early).toBe(stacks[stack].language === 'typescript');
    }
  });
});

test('data that the programs cannot train on are refused in one line', async () => {
  const mnist = await loadMnist();
  const few = { ...mnist, train: slice(mnist.train, 0, 100) };
  await expect(runChoosing('full', few)).rejects.toThrow(/There are 100 training images, but/);
  const small = { ...mnist, train: { ...mnist.train, height: 14, width: 56 } };
  await expect(runChoosing('smoke', small)).rejects.toThrow(/14 × 56, but .* take 28 × 28/);
});

test('without Python one line says so', () => {
  const path = inProject('no-venv/bin/python');
  expect(() => needed(path)).toThrow(`${path} is missing: npm run doctor shows`);
});

test('the record in the project matches the current programs', async () => {
  const full = readFullResult<ChoosingRecord>('choosing', await loadMnist())!;
  const counts = await countPrograms();
  for (const stack of stackNames) expect(full.stacks[stack].code).toEqual(counts[stack]);
});
