import { markdown, percent, show, showVerdicts } from '../../src/notebook';
import { lossCurves } from '../../src/plots';
import { runOf } from '../plots/histories';
import { inKernel } from './kernel';

test('a figure is shown for Plotly, as a drawing, and in words', async () => {
  const figure = lossCurves([runOf('pytorch', 2)]);
  const [shown] = await inKernel(() => show(figure));
  expect(Object.keys(shown!.data)).toEqual([
    'application/vnd.plotly.v1+json',
    'image/svg+xml',
    'text/plain',
  ]);
  expect(shown!.data['text/plain']).toBe(figure.summary);
});

test('verdicts are shown as a table, and kept as data for the index', async () => {
  const verdicts = [{ claim: 'A | <b>B</b>.', verdict: 'holds', evidence: '2 * 3 = 6 in `x`.' }];
  const [shown] = await inKernel(() => showVerdicts(verdicts));
  expect(shown!.data['application/vnd.tandem.verdicts+json']).toEqual(verdicts);
  const [, , row] = String(shown!.data['text/markdown']).split('\n');
  expect(row).toBe('| A \\| \\<b\\>B\\</b\\>. | **holds** | 2 \\* 3 = 6 in \\`x\\`. |');
  expect(shown!.data['text/plain']).toBe('A | <b>B</b>. holds: 2 * 3 = 6 in `x`.');
});

test('Markdown is its own text', async () => {
  const [shown] = await inKernel(() => markdown('**97 %**'));
  expect(shown!.data).toEqual({ 'text/markdown': '**97 %**', 'text/plain': '**97 %**' });
});

test('a share is a percentage with as many digits as are asked for', () => {
  expect(percent(0.97614)).toBe('97.61 %');
  expect(percent(0.5, 0)).toBe('50 %');
});
