import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inProject } from '../../src/files/paths';
import { instructionSets } from '../../src/parity/instruction-sets';
import type { SuiteResult } from '../../src/parity/suite';
import '../outside';

// Half a minute each on a quiet machine.

const run = promisify(execFile);

/** What `npm run parity` finds with the libraries of both languages held to an instruction set. */
async function parity(isa: string): Promise<SuiteResult[]> {
  const suites = ['article-pytorch', 'article-tensorflow', 'nn', 'ops'];
  const { stdout } = await run(process.execPath, [
    ...[inProject('scripts/parity.js'), '--isa', isa, '--json', '--steps=4'],
    ...suites.map((suite) => `--suite=${suite}`),
    '--only=nn.Conv2d,nn.LSTM(,addmm',
  ]);
  return JSON.parse(stdout);
}

test.each(Object.keys(instructionSets))(
  'both articles, layers and operators equal Python’s bits with %s alone',
  async (isa) => {
    const found = await parity(isa);
    expect(new Set(found.map(({ suite }) => suite)).size).toBe(4);
    expect(found.filter(({ ok }) => !ok)).toEqual([]);
  },
);

test('an unknown instruction set is refused with the known ones', async () => {
  const call = [inProject('scripts/parity.js'), '--isa=mmx'];
  await expect(run(process.execPath, call)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Unknown instruction set 'mmx'. Choose avx2, sse4."),
  });
});
