import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';
import { closeWarm, compareWarm } from './warm';

const folder = mkdtempSync(join(tmpdir(), 'tandem-call-'));
const write = (name: string, source: string) => {
  writeFileSync(join(folder, name), source);
  return join(folder, name);
};
afterAll(() => {
  closeWarm();
  rmSync(folder, { recursive: true, force: true });
});

const torchSource = (layers: string) => `import torch
from torch import nn
model = nn.Sequential(${layers})
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
loss = nn.MSELoss()
`;

/** Runs the command; `until` is called with what it has written to stderr so far. */
function run(
  args: string[],
  until?: (said: string, end: (signal: NodeJS.Signals) => void) => void,
) {
  const child = spawn(process.execPath, [inProject('scripts', 'compare.js'), ...args]);
  let [out, said] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
    until?.(said, (signal) => child.kill(signal));
  });
  return new Promise<{ code: number | null; out: string; said: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, said }));
  });
}

test('an interrupt leaves what was found: one object, a whole page, the exit code of a shell', async () => {
  const left = write('first.py', torchSource('nn.Linear(4, 3)'));
  const right = write('second.py', torchSource('nn.Linear(4, 3)'));
  let sent = false;
  const { code, out, said } = await run(
    [left, right, '--json', '--steps', '5000000', '--limit', '500', '--output', folder],
    (text, end) => {
      if (sent || !text.includes('5000000 steps')) return;
      sent = true;
      end('SIGTERM');
    },
  );
  expect(said).toContain('Interrupted; the results so far are in');
  expect(code).toBe(143);
  const found = JSON.parse(out);
  expect(found).toMatchObject({ verdict: 'interrupted', causes: [] });
  expect(found.forward).toEqual([expect.objectContaining({ layer: '0', relative: 0 })]);
  expect(existsSync(found.page)).toBe(true);
  expect(readFileSync(found.page, 'utf8')).toMatch(/interrupted[\s\S]*<\/html>\n$/);
});

test('--python runs the programs under another interpreter', async () => {
  const own = join(folder, 'own-python');
  symlinkSync(inProject('.venv', 'bin', 'python'), own);
  const source = `import sys\nprint(sys.executable)\nassert sys.executable.endswith("own-python")\n`;
  const program = write('asks.py', source + torchSource('nn.Linear(4, 3)'));
  const refused = await run([program, program, '--output', folder]);
  expect(refused.code).toBe(2);
  expect(refused.said).toMatch(/asks\.py:3: AssertionError/);
  const missing = await run([program, program, '--python', join(folder, 'nowhere')]);
  expect(missing).toMatchObject({ code: 2, said: expect.stringContaining('there is no') });
});

test('--map settles what belongs together', async () => {
  const branches = (names: readonly [string, string]) => `import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.${names[0]} = nn.Linear(4, 4)
        self.${names[1]} = nn.Linear(4, 4)
    def forward(self, x):
        return self.a(x) - 2 * self.b(x)
model = Net()
`;
  const left = write('ab.py', branches(['a', 'b']));
  const right = write('ba.py', branches(['b', 'a']));
  const rows = async (map: [string, string][]) => {
    const { match } = await compareWarm(left, right, { map: new Map(map) });
    return match.filter(({ kind }) => kind === 'linear').map((row) => `${row.left} ${row.right}`);
  };
  expect(await rows([])).toEqual(['a a', 'b b']);
  expect(
    await rows([
      ['a', 'b'],
      ['b', 'a'],
    ]),
  ).toEqual(['a b', 'b a']);
});

test('what no cause explains is said, with a file that reproduces it', async () => {
  const twisted = (factor: string) => `import torch
from torch import nn
class Twist(nn.Module):
    def forward(self, x):
        return torch.erf(x) * ${factor}
model = nn.Sequential(nn.Linear(4, 3), Twist(), nn.Linear(3, 2))
`;
  const file = join(folder, 'found.safetensors');
  const found = await compareWarm(
    write('twist.py', twisted('1.0')),
    write('other.py', twisted('1.5')),
    { reproduction: file },
  );
  expect(found.text).toMatch(/^Different, first at .*: cause unknown\.$/);
  expect(found.remaining[0]!.difference).toBeGreaterThan(0.01);
  expect(found.reproduction).toBe(file);
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE());
  const header: Record<string, { data_offsets?: [number, number] }> = JSON.parse(
    bytes.toString('utf8', 8, 8 + length),
  );
  expect(bytes.length).toBe(
    8 + length + Math.max(...Object.values(header).map(({ data_offsets: at }) => at?.[1] ?? 0)),
  );
  expect(Object.keys(header)).toEqual(
    expect.arrayContaining(['left.input.0', 'left.output.0', 'right.input.0', 'right.output.0']),
  );
});
