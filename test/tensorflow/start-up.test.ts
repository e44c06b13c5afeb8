import { spawnSync } from 'node:child_process';
import { inProject } from '../../src/files/paths';

/** What a process writes to stderr that loads TensorFlow with oneDNN on, which it gives notice of. */
function stderrOf(script: string): string {
  const environment = { ...process.env, TF_ENABLE_ONEDNN_OPTS: '1' };
  const options = { encoding: 'utf8' as const, env: environment };
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], options);
  expect(status).toBe(0);
  return stderr;
}

const path = (module: string) => JSON.stringify(inProject('dist/src/tensorflow', module));

test('TensorFlow loads without its start-up notice, which it gives elsewhere', () => {
  expect(stderrOf(`require('@tensorflow/tfjs-node')`)).toMatch(/oneDNN custom operations are on/);
  expect(stderrOf(`require(${path('index')}).tf.ones([2])`)).toBe('');
});

test('what else is written meanwhile is kept, also when loading fails', () => {
  const load = `() => { fs.writeSync(2, 'I0000 notice\\nan error\\n'); throw new Error('no'); }`;
  const script = `const fs = require('node:fs');
    try { require(${path('start-up')}).withoutNotice(${load}); } catch (e) { console.error(e.message); }`;
  expect(stderrOf(script)).toBe('an error\nno\n');
});
