import { spawnSync } from 'node:child_process';
import { inProject } from '../../src/files/paths';
import '../outside';

test('the generated operators match the installed wheel', () => {
  const generator = inProject('src/torch/generated/generate.py');
  const { status, stdout } = spawnSync(inProject('.venv/bin/python'), [generator, '--check'], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
