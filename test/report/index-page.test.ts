import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeIndexPage } from '../../src/report/index/index-page';
import { duration } from '../../src/report/pages/pages';
import type { RunRecord } from '../../src/report/run-record';

let output: string;
let records: RunRecord[] = [];
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'tandem-index-'));
});
afterEach(() => rmSync(output, { recursive: true, force: true }));

/** A report's folder with one executed notebook for each list of outputs. */
function indexOf(notebooks: Record<string, object[]>, state: Partial<RunRecord> = {}): string {
  records = Object.entries(notebooks).map(([name, outputs]): RunRecord => {
    const bundles = outputs.map((data) => ({ output_type: 'display_data', data, metadata: {} }));
    const cells = [{ cell_type: 'code', source: '', metadata: {}, outputs: bundles }];
    writeFileSync(join(output, `${name}.ipynb`), JSON.stringify({ nbformat: 4, cells }));
    return {
      name,
      source: `${name}.ipynb`,
      title: `The ${name}`,
      summary: 'What it is about.',
      state: 'passed',
      cells: 1,
      runs: [],
      seconds: 12,
      profile: 'smoke',
      seed: 3,
      parameters: {},
      finished: '2026-01-31T14:05:00.000Z',
      versions: { 'Node.js': '20' },
      commit: 'abc1234',
      ...state,
    };
  });
  writeIndexPage(output, records);
  return readFileSync(join(output, 'index.html'), 'utf8');
}

const figure = (y: unknown, title = 'A curve') => ({
  'application/vnd.plotly.v1+json': { data: [{ type: 'scatter', y }], layout: { title } },
  'text/plain': 'It rises.',
});

test('the state of the run, its time and its commit are on the page', () => {
  const html = indexOf({ a: [], b: [] });
  for (const fact of ['all 2 notebooks passed', 'profile smoke', 'seed 3', '24 s of computing']) {
    expect(html).toContain(fact);
  }
  expect(html).toContain('2026-01-31 14:05 UTC');
  expect(html).toContain('commit\u00a0abc1234');
});

test('a failed notebook is shown with its error', () => {
  const failure = {
    cell: 2,
    ename: 'RangeError',
    evalue: '<b>too high</b>',
  } as RunRecord['failure'];
  const html = indexOf({ a: [] }, { state: 'failed', failure });
  expect(html).toContain('1 of 1 notebooks failed');
  expect(html).toMatch(/class="why">cell 2.*RangeError: &lt;b&gt;too high/);
});

test('a card shows a drawing of the first figure, else the first images, else its number', () => {
  const image = '<img src="data:image/png;base64,iVBORw0KGgo=" onerror="alert(1)">';
  const html = indexOf({
    a: [figure([1, 2])],
    b: [{ 'text/html': image }],
    c: [{ 'text/html': 'x' }],
  });
  const pictures = [...html.matchAll(/<div class="picture" aria-hidden="true">(.*)/g)];
  expect(pictures[0]![1]).toMatch(/^<svg /);
  expect(pictures[1]![1]).toBe(
    '<div class="images"><img alt="" src="data:image/png;base64,iVBORw0KGgo="></div></div>',
  );
  expect(pictures[2]![1]).toBe('3</div>');
});

test('malformed figures and verdicts do no harm', () => {
  const html = indexOf({
    a: [figure('no list'), figure(null), { 'application/vnd.plotly.v1+json': 'no figure' }],
    b: [{ 'application/vnd.tandem.verdicts+json': [{}, { claim: ['<i>', 'x'] }] }],
  });
  expect(html).toContain('&lt;i&gt;x');
});

test('answers stand on the index in a few sentences, with the notebook that gives each', () => {
  const long = `It's told in ${'many '.repeat(60)}words.`;
  const html = indexOf({
    a: [],
    '07-same-recipe': [{ 'text/html': 'x' }, { 'text/markdown': `**No.** They <agree>. ${long}` }],
  });
  expect(html).toContain(
    '<dd>No. They &lt;agree&gt;. <a href="07-same-recipe.html">Notebook\u00a02</a>',
  );
  expect(html).toContain('Do the frameworks differ by themselves?');
  expect(html).not.toContain('Then what made the difference?');
});

test('a notebook chooses the picture of its card by the tag of a cell', () => {
  indexOf({ a: [figure([1, 2])] });
  const path = join(output, 'a.ipynb');
  const notebook = JSON.parse(readFileSync(path, 'utf8'));
  const image = { 'text/html': '<img src="data:image/png;base64,iVBORw0KGgo=">' };
  const outputs = [{ output_type: 'display_data', data: image, metadata: {} }];
  notebook.cells.push({ ...notebook.cells[0], metadata: { tags: ['thumbnail'] }, outputs });
  writeFileSync(path, JSON.stringify(notebook));
  writeIndexPage(output, [records[0]!]);
  expect(readFileSync(join(output, 'index.html'), 'utf8')).toMatch(
    /<div class="picture" aria-hidden="true"><div class="images">/,
  );
});

test('the claims are counted by their verdicts', () => {
  const verdicts = ['holds', 'does not hold', 'does not hold', 'cannot be tested'].map(
    (verdict) => ({
      claim: 'It is so.',
      verdict,
      evidence: 'Because.',
    }),
  );
  expect(indexOf({ a: [{ 'application/vnd.tandem.verdicts+json': verdicts }] })).toContain(
    'Of the article’s 4 claims, 1 holds, 2 do not and 1 cannot be tested by training.',
  );
});

test('the main figure is live, and can’t end its script element', () => {
  const html = indexOf({ '05-comparison': [figure([1, 2], '</script><b>Curve</b>')] });
  expect(html).toContain('\\u003c/script>\\u003cb>Curve');
  expect(html).toContain('<figcaption>Curve</figcaption>');
  expect(html).toContain('data-words="It rises."');
});

test.each([
  [0.4, '0 s'],
  [59.6, '1 min 0 s'],
  [149, '2 min 29 s'],
  [3900, '1 h 5 min'],
])('%d seconds are said as %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
