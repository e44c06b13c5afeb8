import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** A program that multiplies matrices until `done()` holds. */
const products = (done: string, before = '') => `const { tf } = require(${path('index')});
  ${before}
  const [a, b] = [tf.ones([32, 784]), tf.ones([784, 128])];
  const turn = () => {
    for (let i = 0; i < 20; i++) a.matMul(b).dispose();
    if (!(${done})) setImmediate(turn);
    else process.exit(a.matMul(b).dataSync().every((x) => x === 784) ? 0 : 1);
  };
  turn();`;

test('signals during a product are handled, and harm nothing', async () => {
  const script = products(
    'heard >= 300',
    "let heard = 0; process.on('SIGWINCH', () => heard++); console.log('begun');",
  );
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  const timer = setInterval(() => child.kill('SIGWINCH'), 1);
  const how = await ended;
  clearInterval(timer);
  expect(how).toEqual([0, null]);
});

test('a profiler may look at a product', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-profile-'));
  const flags = ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${folder}`];
  const script = products('++turns === 200', 'let turns = 0;');
  try {
    const { status, signal } = spawnSync(process.execPath, [...flags, '-e', script]);
    expect({ status, signal }).toEqual({ status: 0, signal: null });
    expect(readdirSync(folder)).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
