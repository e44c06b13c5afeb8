import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inProject } from '../../src/paths';
import { help } from '../../src/report/call';

interface Step {
  run?: string;
  uses?: string;
  if?: string;
  with?: Record<string, unknown>;
}

const path = inProject('.github/workflows/notebooks.yml');
const { jobs, on } = JSON.parse(
  execFileSync(inProject('.venv/bin/python'), [
    '-c',
    'import json, sys, yaml; print(json.dumps(yaml.load(open(sys.argv[1]), yaml.BaseLoader)))',
    path,
  ]).toString(),
) as { jobs: Record<string, { steps: Step[] }>; on: object };
const steps = Object.values(jobs).flatMap((job) => job.steps);

test('each push runs the tests and the quick report, and keeps the report', () => {
  expect(on).toHaveProperty('push');
  const commands = steps.flatMap(({ run }) => run ?? []);
  expect(commands).toEqual(['npm test', expect.stringContaining('--profile quick')]);
  const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  for (const command of commands) {
    const name = /^npm (?:run )?([\w:]+)/.exec(command)?.[1];
    expect(scripts).toHaveProperty([name!]);
  }
  const upload = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'));
  expect(upload).toMatchObject({ if: 'always()', with: { path: 'reports' } });
});

test('every option that the workflow gives is one of the report', () => {
  const options = steps.flatMap(({ run = '' }) => run.match(/--[a-z][\w-]*/g) ?? []);
  expect(options.length).toBeGreaterThan(0);
  for (const option of options) expect(help).toContain(`  ${option} `);
});
