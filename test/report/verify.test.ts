import type { RunEvent } from '../../src/report/output/run-events';
import { fixture, outputFolder } from './fixture';
import { environment, runReport } from './run-report';

const folder = outputFolder(false);
const recorded = () => `${folder()}/recorded`;
beforeAll(async () => {
  const { code } = await runReport('--output', recorded(), fixture('numbers'));
  expect(code).toBe(0);
});

const verify = (...options: string[]) =>
  runReport('--output', `${folder()}/new`, '--verify', recorded(), ...options, fixture('numbers'));

test('durations vary, numbers may within the tolerance', async () => {
  const { code, errors, stdout } = await verify('--set', 'change=0.00001');
  expect(errors).toEqual([]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/numbers {2}ok/);
});

test('what differs beyond it is shown, in texts and in figures, and is exit code 1', async () => {
  const { code, errors, stdout } = await verify('--set', 'change=0.001', '--json');
  expect(errors).toEqual([
    'differs: test/report/fixtures/numbers.ipynb, cell 2, stream, line 2',
    expect.stringMatching(/^ {2}recorded {2}loss 0\.250000 after/),
    expect.stringMatching(/^ {2}this run {2}loss 0\.251000 after/),
    'differs: test/report/fixtures/numbers.ipynb, cell 3, application/vnd.plotly.v1+json data 0 y 1',
    '  recorded  0.25',
    '  this run  0.251',
  ]);
  expect(code).toBe(1);
  const events: RunEvent[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.filter(({ event }) => event === 'difference')).toMatchObject([
    { notebook: 'numbers', cell: 2 },
    { notebook: 'numbers', cell: 3, recorded: '0.25', found: '0.251' },
  ]);
});

test.each([
  [['--seed', '1'], 'the recorded run of numbers had seed 0, this one has 1'],
  [['--verify', '/nowhere'], '/nowhere has no run of numbers'],
  [['--tolerance', 'small'], '--tolerance takes a number from 0 to below 1, not "small"'],
  [['--set', 'rate=1'], '--set rate: no notebook of this call has this parameter'],
  [['--set', 'change=big'], `parameter 'change' must be a number such as 0, not "big"`],
  [['--set', 'change'], '--set takes NAME=VALUE'],
  [['--skip', fixture('numbers')], '--skip leaves no notebook to run'],
  [['--skip', '03'], 'Unknown notebook "03"'],
  [['--to', 'docx'], '--to takes html, pdf, markdown, not "docx"'],
  [['--jobs', '0'], '--jobs takes a whole number from 1'],
])('%j is refused in one line before anything runs', async (options, message) => {
  const { code, errors, stdout } = await verify(...options);
  expect(errors).toEqual([expect.stringContaining(message)]);
  expect(code).toBe(2);
  expect(stdout).toBe('');
});

test('--to pdf without a browser is refused as well', async () => {
  environment.TANDEM_CHROMIUM = '/nowhere/chromium';
  const { code, errors } = await verify('--to', 'pdf');
  delete environment.TANDEM_CHROMIUM;
  expect(errors).toEqual([expect.stringContaining('--to pdf needs Chromium, which was not found')]);
  expect(code).toBe(2);
});
