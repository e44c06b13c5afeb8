import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askPython } from './python';

/** A program that never prints the same twice. `mark` makes it one that no earlier run has asked. */
const mark = `${process.pid} ${Date.now()}`;
const clock = `import time; print(time.time_ns(), '${mark}')`;

describe('answers', () => {
  const { TANDEM_TEST_CACHE } = process.env;
  beforeAll(() => {
    delete process.env.TANDEM_TEST_CACHE;
  });
  afterAll(() => {
    if (TANDEM_TEST_CACHE) process.env.TANDEM_TEST_CACHE = TANDEM_TEST_CACHE;
  });

  const asked = (...more: [string[]?, Record<string, string>?]) =>
    askPython(['-c', clock, ...(more[0] ?? [])], { env: { ...process.env, ...more[1] } });

  test('are given again to the same question', () => {
    expect(asked()).toBe(asked());
    expect(asked(['1'])).not.toBe(asked());
  });

  test('are of one environment, as far as it changes numbers', () => {
    expect(asked([], { ATEN_CPU_CAPABILITY: 'avx2' })).not.toBe(asked());
    expect(asked([], { OMP_NUM_THREADS: '1' })).not.toBe(asked([], { OMP_NUM_THREADS: '2' }));
    expect(asked([], { SOME_TITLE: 'x' })).toBe(asked());
  });

  test('are not kept where files that a test makes decide, nor with TANDEM_TEST_CACHE=0', () => {
    const file = [join(tmpdir(), 'x.pt')];
    expect(asked(file)).not.toBe(asked(file));
    process.env.TANDEM_TEST_CACHE = '0';
    const again = asked();
    delete process.env.TANDEM_TEST_CACHE;
    expect(again).not.toBe(asked());
  });

  test('hold the files that a program writes, where its folder is named', () => {
    const write = `${clock}; import sys; open(sys.argv[1] + '/made.txt', 'w').write(str(time.time_ns()))`;
    const made = () => {
      const folder = mkdtempSync(join(tmpdir(), 'tandem-ask-'));
      try {
        return [
          askPython(['-c', write, folder], { folder }),
          readFileSync(join(folder, 'made.txt'), 'utf8'),
        ];
      } finally {
        rmSync(folder, { recursive: true });
      }
    };
    const first = made();
    expect(Number(first[1])).toBeGreaterThan(0);
    expect(made()).toEqual(first);
  });

  test('change with the program’s file and with those beside it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-ask-'));
    const ask = () => askPython([join(folder, 'main.py')]);
    const write = (value: number) => writeFileSync(join(folder, 'part.py'), `value = ${value}`);
    try {
      writeFileSync(join(folder, 'main.py'), `from part import value\n${clock}; print(value)`);
      write(1);
      const first = ask();
      expect(ask()).toBe(first);
      write(22);
      expect(ask()).toMatch(/\n22\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('in a process that has a framework loaded', () => {
  const ask = (program: string, ...args: string[]) =>
    askPython(['-c', `# ${mark}\n${program}`, ...args], { input: 'in', framework: 'torch' });

  test('a program runs as by itself: its arguments, input, name and output', () => {
    const program = `import os, sys
print(sys.argv[1:], sys.stdin.read(), __name__, 'torch' in sys.modules, os.getcwd(), flush=True)
os.write(1, b'written past Python')`;
    expect(ask(program, 'a', 'b')).toBe(
      `['a', 'b'] in __main__ True ${process.cwd()}\nwritten past Python`,
    );
  });

  test.each([
    ['an exception', '1 / 0', /ZeroDivisionError: division by zero/],
    ['an exit code', "import sys; print('gone', file=sys.stderr); sys.exit(3)", /gone/],
    ['a crash', 'import os; os.abort()', /Python failed/],
  ])('%s is an error, and the next program runs', (_, program, message) => {
    expect(() => ask(program)).toThrow(message);
    expect(ask('print(2)')).toBe('2\n');
  });

  test('programs share nothing, and draw what Python draws by itself', () => {
    const draw = 'import torch; torch.manual_seed(0); print(torch.rand(3).tolist())';
    ask('import builtins, torch; builtins.left = 1; torch.manual_seed(5); torch.rand(3)');
    expect(ask(`${draw}; print('left' in dir(__builtins__))`)).toBe(
      `${askPython(['-c', `${draw} # ${mark}`])}False\n`,
    );
  });

  test('a process that was killed starts again', () => {
    const parent = () => Number(ask(`import os; print(os.getppid()) # ${Math.random()}`));
    const before = parent();
    process.kill(before, 'SIGKILL');
    const after = parent();
    expect(after).not.toBe(before);
    expect(parent()).toBe(after);
  });
});
