import { readdirSync } from 'node:fs';
import { projectRoot } from '../../src/files/paths';
import { bareCheckout, Run } from './checkout';
import '../outside';

interface Diagnosis {
  ok: boolean;
  parts: { name: string; version: string; state: string; fix: string; optional?: boolean }[];
}

async function diagnose(folder: string): Promise<Diagnosis & { code: number | null }> {
  const run = new Run(folder, ['scripts/doctor.js', '--json']);
  const code = await run.ended;
  return { code, ...(JSON.parse(run.stdout) as Diagnosis) };
}

test('finds every part of this checkout at work, with its version', async () => {
  const { parts } = await diagnose(projectRoot);
  const versions = Object.fromEntries(parts.map((part) => [part.name.trim(), part.version]));
  expect(parts.filter((part) => part.state === 'broken')).toEqual([]);
  expect(versions).toMatchObject({
    'Node.js': process.versions.node,
    jupyterlab: '4.6.4',
    'TensorFlow for Node': 'TensorFlow 2.21.0',
    'PyTorch for Node': 'PyTorch 2.13.0',
    'Jupyter kernel': 'TypeScript (Tandem)',
  });
});

test('names what a bare clone lacks, and changes nothing', async () => {
  const folder = bareCheckout();
  const before = readdirSync(folder);
  const { code, ok, parts } = await diagnose(folder);
  expect({ code, ok }).toEqual({ code: 1, ok: false });
  const missing = parts.filter((part) => part.state === 'missing').map((part) => part.name.trim());
  expect(missing).toEqual(
    expect.arrayContaining([
      ...['npm packages', 'Python packages (.venv)', 'torch', 'TensorFlow for Node'],
      ...['PyTorch for Node', 'TypeScript build', 'Jupyter kernel', 'MNIST data'],
    ]),
  );
  for (const part of parts) if (part.state !== 'ok') expect(part.fix).not.toBe('');
  expect(readdirSync(folder)).toEqual(before);
});

test('an unknown option is a wrong call', async () => {
  const run = new Run(bareCheckout(), ['scripts/doctor.js', '--fix']);
  expect(await run.ended).toBe(2);
  expect(run.stderr).toBe('Unknown argument --fix. The only option is --json.\n');
});
