import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSide } from '../../src/pairs/compare';
import { Program, ProgramFailure } from '../../src/pairs/program';
import { adapterOf, comparePair } from '../../src/pairs/programs';
import '../outside';

const folder = mkdtempSync(join(tmpdir(), 'tandem-odd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

const model = 'import torch\nfrom torch import nn\nmodel = nn.Linear(3, 2)\n';

/** What one process answers about programs one after another, as long as it lives. */
let program: Program | undefined;
afterAll(() => program?.close());

async function load(path: string): Promise<string> {
  const endless = path.includes('never-returns');
  if (endless) program?.close();
  if (endless || !program)
    program = new Program(path, 'torch_adapter.py', { limit: endless ? 5 : 100 });
  try {
    await loadSide(program, path);
    return 'loaded';
  } catch (error) {
    expect(error).toBeInstanceOf(ProgramFailure);
    expect((error as ProgramFailure).exitCode).toBe(2);
    const { message } = error as ProgramFailure;
    expect(message).not.toContain('\n');
    // A process that is gone holds no more programs.
    if (/exit code|still/.test(message)) program = undefined;
    return message;
  }
}

test.each([
  ['syntax', 'model = (\n', /syntax\.py:1: SyntaxError: '\(' was never closed\.$/],
  [
    'throws',
    'import torch\n\nmodel = undefined_name\n',
    /throws\.py:3: NameError: name 'undefined_name' is not defined\.$/,
  ],
  ['no-model', 'import torch\n', /no-model\.py: it defines no `model`/],
  ['wrong-model', 'import torch\nmodel = 3\n', /`model` must be an nn\.Module, it is a int/],
  ['exits', 'import torch, sys\nsys.exit(3)\n', /exits\.py:2: it calls exit\(3\)\.$/],
  [
    'trains',
    `${model}optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\nmodel(torch.ones(1, 3)).sum().backward()\noptimizer.step()\n`,
    /trains\.py:6: it trains when it is imported \(optimizer\.step\(\)\)/,
  ],
  ['prints', `for i in range(20000):\n    print("x" * 100)\n${model}`, /^loaded$/],
  [
    'imports',
    'import torch\nimport not_installed_here\n',
    /imports\.py:2: ModuleNotFoundError: No module named 'not_installed_here'\.$/,
  ],
  ['asks', `${model}\ntry:\n    input()\nexcept EOFError:\n    pass\n`, /^loaded$/],
  ['ends', 'import torch, os\nos._exit(7)\n', /ends\.py: it ended its process \(exit code 7\)\.$/],
  [
    'never-returns',
    'import torch\nwhile True:\n    pass\n',
    /never-returns\.py:[23]: still loading after 5 s; --limit gives it longer\.$/,
  ],
])('%s: one line with the place', async (name, source, expected) => {
  expect(await load(write(`${name}.py`, source))).toMatch(expected);
});

const script = `import * as torch from 'tandem/torch';
const { nn } = torch;
export const model = new nn.Sequential(new nn.Linear(3, 2));
`;

test.each([
  ['syntax', "import 'tandem/torch';\nexport const model = (;\n", /syntax\.ts:2: SyntaxError: /],
  [
    'throws',
    "import * as torch from 'tandem/torch';\n\ninterface A { a: number }\n\nexport const model = nothing;\n",
    /throws\.ts:5: ReferenceError: nothing is not defined\.$/,
  ],
  ['no-model', "import 'tandem/torch';\n", /no-model\.ts: it exports no `model`/],
  [
    'wrong-model',
    "import 'tandem/torch';\nexport const model = 3;\n",
    /`model` must be an nn\.Module, it is a Number/,
  ],
  ['exits', `${script}\nprocess.exit(3);\n`, /exits\.ts:5: it calls exit\(3\)\.$/],
  [
    'trains',
    `${script}const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });\n(model.call(torch.ones(1, 3)) as torch.Tensor).sum().backward();\noptimizer.step();\n`,
    /trains\.ts:6: it trains when it is imported \(optimizer\.step\(\)\)/,
  ],
  [
    'prints',
    `for (let i = 0; i < 20000; i++) console.log('x'.repeat(100));\n${script}`,
    /^loaded$/,
  ],
  ['awaits', `await new Promise((resolve) => setTimeout(resolve, 10));\n${script}`, /^loaded$/],
  [
    'imports',
    `${script}import 'not-installed-here';\n`,
    /imports\.ts:4: Error: Cannot find module 'not-installed-here'/,
  ],
  ['ends', `${script}process.kill(process.pid, 'SIGKILL');\n`, /ends\.ts: .*signal 9/],
  [
    'never-returns',
    `${script}for (;;);\n`,
    /never-returns\.ts: still loading after 5 s; --limit gives it longer\.$/,
  ],
])('TypeScript, %s: one line with the place', async (name, source, expected) => {
  expect(await load(write(`${name}.ts`, source))).toMatch(expected);
});

test('what is no program is refused before anything starts', async () => {
  expect(() => adapterOf(join(folder, 'nowhere.py'))).toThrow('There is no file');
  expect(() => adapterOf(write('model.onnx', ''))).toThrow("can't compare a '.onnx' file");
  expect(() => adapterOf(write('plain.py', 'print(1)\n'))).toThrow('imports neither torch');
  const good = write('good_torch.py', model);
  await expect(comparePair(good, join(folder, 'nowhere.py'))).rejects.toThrow('There is no file');
});

test('a layer that is declared and not used is told, and no other', async () => {
  const net = (layer: string) => `import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 4)
        ${layer}
        self.scale = nn.Parameter(torch.ones(4))
        self.last = nn.LSTM(4, 2)
    def forward(self, x):
        return self.last(self.first(x) * (1 * self.scale))[0]
model = Net()
torch.manual_seed(0)
inputs = torch.rand(5, 3)
`;
  const found = await comparePair(
    write('used.py', net('pass')),
    write('unused.py', net('self.extra = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4))')),
  );
  expect(found.verdict).toBe('equal');
  expect(found.notes.filter((note) => note.includes('declares'))).toEqual([
    'unused.py declares layers that no call uses, so that training leaves them as drawn: extra.0, extra.1.',
  ]);
});

test('a layer without a counterpart is not called equal', async () => {
  const norm = (layers: string) => `${model}model = nn.Sequential(nn.Linear(3, 4), ${layers})\n`;
  const found = await comparePair(
    write('one-norm.py', norm('nn.LayerNorm(4)')),
    write('other-norm.py', norm('nn.GroupNorm(2, 4)')),
  );
  expect(found.verdict).toBe('different');
  expect(found.text).toMatch(/^Different: no counterpart was found for 1, 1; --map settles/);
});
