import { readFileSync } from 'node:fs';
import { inProject } from '../../src/files/paths';
import { compareNames } from '../../src/parity/names';
import { reasonOf, reasonTable } from '../../src/parity/names/reasons';
import '../outside';

test('every public name of PyTorch is here, or has a reason in the docs', async () => {
  const surfaces = await compareNames();
  const count = surfaces.reduce((sum, { names }) => sum + names, 0);
  expect(count).toBeGreaterThan(2500);
  const unexplained = surfaces.flatMap(({ module, missing }) =>
    missing.filter(({ reason }) => !reason).map(({ name }) => `${module}.${name}`),
  );
  expect(unexplained).toEqual([]);
  expect(readFileSync(inProject('docs/torch-names.md'), 'utf8')).toContain(reasonTable());
});

test('a name that nothing explains has no reason', () => {
  expect(reasonOf('torch.nn.Conv9d')).toBeUndefined();
  expect(reasonOf('torch.nn.DataParallel')?.why).toMatch('DistributedDataParallel');
});
