import { stripVTControlCharacters } from 'node:util';
import { progressOn, type Screen } from '../../src/report/output/progress';
import type { RunEvent } from '../../src/report/output/run-events';

// However long a test takes, no time passes between two events.
beforeAll(() => jest.useFakeTimers());
afterAll(() => jest.useRealTimers());

const events: RunEvent[] = [
  { event: 'run-start', notebooks: [], profile: 'smoke', seed: 0, parameters: {}, jobs: 2 },
  { event: 'notebook-start', notebook: '01-mnist', cells: 4 },
  { event: 'notebook-start', notebook: '02-frameworks', cells: 2 },
  { event: 'cell-start', notebook: '01-mnist', cell: 3 },
  { event: 'notebook-end', notebook: '02-frameworks', state: 'failed', seconds: 75 },
  { event: 'notebook-end', notebook: '03-cached', state: 'cached', seconds: 3 },
];
/** What is written to a stream of a kind, a piece for each event that writes. */
function written(isTTY: boolean, environment: NodeJS.ProcessEnv): string[] {
  const pieces: string[] = [];
  const screen = { isTTY, columns: 60, write: (text: string) => pieces.push(text) };
  const tell = progressOn(screen as unknown as Screen, environment);
  events.forEach(tell);
  return pieces;
}

/** The lines that a terminal shows: a piece may begin by going up some lines and clearing them. */
function shown(pieces: readonly string[]): string[] {
  const up = '\x1b[';
  const clear = 'A\r\x1b[J';
  let lines: string[] = [];
  for (const piece of pieces) {
    const cleared = piece.startsWith(up) && piece.includes(clear);
    if (cleared) lines = lines.slice(0, -Number.parseInt(piece.slice(up.length), 10));
    const text = cleared ? piece.slice(piece.indexOf(clear) + clear.length) : piece;
    lines.push(...stripVTControlCharacters(text).split('\n').slice(0, -1));
  }
  return lines;
}

test('a terminal has a line for each notebook at work, with its cell, below those that ended', () => {
  const pieces = written(true, {});
  expect(shown(pieces.slice(0, 3))).toEqual([
    '━━━━━───── 01-mnist  cell 3/4  00:00',
    '────────── 02-frameworks  starting  00:00',
  ]);
  expect(shown(pieces)).toEqual([
    'FAILED  02-frameworks  01:15',
    'cached  03-cached  00:03',
    '━━━━━───── 01-mnist  cell 3/4  00:00',
  ]);
});

test.each([
  ['elsewhere', false, {}],
  ['in CI', true, { CI: 'true' }],
])('%s each step is a plain line', (_, isTTY, environment) => {
  expect(written(isTTY, environment).join('')).toBe(
    [
      '01-mnist  starts, 4 cells',
      '02-frameworks  starts, 2 cells',
      '01-mnist  cell 3/4  00:00',
      '02-frameworks  FAILED  01:15',
      '03-cached  cached  00:03',
      '',
    ].join('\n'),
  );
});
