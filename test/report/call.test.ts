import { inProject } from '../../src/files/paths';
import { readCall } from '../../src/report/call';
import { fixture } from './fixture';

const passing = fixture('passing');

test('defaults follow the profile', () => {
  expect(readCall([passing])).toEqual({
    notebooks: [passing],
    profile: 'quick',
    seed: 0,
    set: {},
    force: false,
    jobs: expect.any(Number),
    timeoutSeconds: 600,
    output: inProject('reports'),
    formats: ['html'],
    json: false,
    tolerance: 1e-4,
    verbose: false,
  });
  expect(readCall(['--profile', 'smoke', passing]).timeoutSeconds).toBe(120);
});

test('a notebook named twice runs once', () => {
  expect(readCall([passing, passing]).notebooks).toEqual([passing]);
});

test.each([
  [['--fast'], "Unknown option '--fast'"],
  [['--profile', 'big', passing], "Unknown profile 'big'"],
  [['--seed', '1.5', passing], '--seed takes a whole number from 0'],
  [['--timeout', '0', passing], '--timeout takes a whole number from 1'],
  [['99'], 'Unknown notebook "99"'],
  [[passing, '/elsewhere/passing.ipynb'], 'its page would overwrite that of'],
  [['/elsewhere/index.ipynb'], 'its page would overwrite that of the index page'],
])('%j is refused in one line', (argv, message) => {
  expect(() => readCall(argv)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: expect.stringMatching(new RegExp(`^[^\n]*${message}[^\n]*$`)),
    }),
  );
});
