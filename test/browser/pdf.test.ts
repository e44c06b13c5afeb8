import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture } from '../report/fixture';
import { renderReport } from '../report/render-report';

let output: string;
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'tandem-pdf-'));
});
afterEach(() => rmSync(output, { recursive: true, force: true }));

test('--to pdf prints the notebook with its code, and its figures as pictures with their words', async () => {
  const { code, stdout } = await renderReport(output, '--to', 'pdf', fixture('passing'));
  expect(code).toBe(0);
  expect(stdout).toContain(`report: ${join(output, 'passing.pdf')}`);
  const pdf = readFileSync(join(output, 'passing.pdf'), 'latin1');
  expect(pdf).toMatch(/^%PDF-/);
  // A tagged PDF names its pictures, and what stands for each; and its code: of eight cells, and twice in a line.
  expect(pdf).toContain('/S /Figure');
  expect(pdf.match(/\/S \/Code/g)).toHaveLength(10);
  expect(pdf).toMatch(/\/Alt \(loss by epoch: training 2\.12 to 0\.57/);
});
