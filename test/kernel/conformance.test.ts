import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectRoot } from '../../src/files/paths';
import '../outside';

let outcomes: Record<string, string>;
beforeAll(async () => {
  const { stdout } = await promisify(execFile)('.venv/bin/python', ['test/kernel/conformance.py'], {
    cwd: projectRoot,
  });
  outcomes = JSON.parse(stdout);
});

test.each([
  'test_clear_output',
  'test_completion',
  'test_display_data',
  'test_error',
  'test_execute_result',
  'test_execute_stderr',
  'test_execute_stdout',
  'test_history',
  'test_inspect',
  'test_is_complete',
  'test_kernel_info',
  'test_recv_iopub_welcome_msg',
])("Jupyter's own %s passes, its messages valid by Jupyter's own schema", (name) => {
  expect(outcomes[name]).toBe('passed');
});

test('nothing else was tried but the pager, which is deprecated', () => {
  const others = Object.entries(outcomes).filter(([, outcome]) => outcome !== 'passed');
  expect(others).toEqual([['test_pager', expect.stringMatching(/^skipped/)]]);
});
