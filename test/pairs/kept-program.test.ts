import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Description } from '../../src/pairs/side';
import { KeptProgram } from './kept-program';

const folder = mkdtempSync(join(tmpdir(), 'tandem-kept-'));
const path = join(folder, 'torch_model.py');
const programs: KeptProgram[] = [];
afterAll(() => {
  for (const program of programs) program.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a program that nobody has asked before, and opens it. */
function opened(units: number, comment: string): KeptProgram {
  writeFileSync(
    path,
    `import torch  # ${comment}
from torch import nn
model = nn.Sequential(nn.Linear(3, ${units}), nn.Dropout(0.5))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loss = nn.MSELoss()
`,
  );
  const program = new KeptProgram(path, 'torch_adapter.py');
  programs.push(program);
  return program;
}

const load = (program: KeptProgram) => program.ask<Description>({ do: 'load', path });
const check = (program: KeptProgram) => program.ask({ do: 'check' });

test('an answer that is kept is the one that the process gave; what follows is asked of a process that heard all', async () => {
  const comment = String(Date.now());
  const first = await load(opened(2, comment));
  const second = opened(2, comment);
  expect(await load(second)).toEqual(first);
  expect(first.result.framework).toBe('torch');
  expect(first.arrays.size).toBeGreaterThan(0);
  expect(first.result.places?.model).toBe(`${path}:3`);
  // Only a process that has loaded the program can tell.
  expect(await check(second)).toEqual(await check(programs[0]!));
  const edited = await load(opened(4, comment));
  expect(edited.result.weights[0]!.shape).toEqual([4, 3]);
});

test('what a program gets wrong is asked each time', async () => {
  const program = opened(2, 'wrong');
  writeFileSync(path, 'raise ValueError("no model here")\n');
  for (let times = 0; times < 2; times++) {
    await expect(load(program)).rejects.toThrow('torch_model.py:1: ValueError: no model here.');
  }
});
