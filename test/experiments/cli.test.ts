import { spawn } from 'node:child_process';
import { loadDataset } from '../../src/experiments';
import { main } from '../../src/experiments/cli';
import { inProject } from '../../src/files/paths';

test.each([
  [['--profile', 'huge'], "Unknown profile 'huge'. Choose smoke, quick or full."],
  [
    ['horoscope'],
    "Unknown experiment 'horoscope'. Choose same-recipe, what-made-the-difference, choosing.",
  ],
  [['--data', 'cats'], "Unknown data 'cats'. Choose mnist, fashion-mnist."],
  [['--colour'], "Unknown option '--colour'. See npm run experiment -- --help."],
])('a wrong call is refused in one line before anything runs: %j', async (argv, message) => {
  await expect(main(argv)).rejects.toMatchObject({ message, exitCode: 2 });
});

test('the data of another name, or of TANDEM_DATA, come by one parameter', async () => {
  expect((await loadDataset('mnist')).name).toBe('MNIST');
  const { TANDEM_DATA } = process.env;
  process.env.TANDEM_DATA = '/nowhere';
  try {
    await expect(loadDataset('fashion-mnist')).rejects.toThrow(/\/nowhere/);
  } finally {
    if (TANDEM_DATA === undefined) delete process.env.TANDEM_DATA;
    else process.env.TANDEM_DATA = TANDEM_DATA;
  }
});

test('an interrupt ends an experiment between two batches, in one line and as a shell expects', async () => {
  const call = [inProject('scripts/experiment.js'), 'same-recipe', '--profile', 'quick'];
  const child = spawn(process.execPath, call, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stderr.on('data', (text) => {
    printed += text;
    // Once: a second one ends a process that is already on its way out.
    if (!child.killed && /step 1 of/.test(printed)) child.kill('SIGINT');
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(130);
  expect(printed.trim().split('\n').at(-1)).toBe(
    'Interrupted. Nothing of same-recipe is kept: the same call starts it from the beginning.',
  );
});

test('a process of torchrun’s besides the first leaves to that one what can’t be divided', async () => {
  const call = [inProject('scripts/experiment.js'), 'same-recipe', '--profile', 'smoke'];
  const child = spawn(process.execPath, call, { env: { ...process.env, RANK: '1' } });
  let printed = '';
  child.stdout.on('data', (text) => {
    printed += text;
  });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  expect(printed).toBe('');
});
