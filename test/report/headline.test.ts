import { headline } from '../../src/report/headline';
import type { Notebook } from '../../src/report/notebook';

const notebook = (...prose: string[]): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: prose.map((source) => ({ cell_type: 'markdown', source, metadata: {} })),
});

test('the first heading and the first paragraph, without marks', () => {
  expect(
    headline(
      notebook('# The *digits* of `MNIST`', '- a list\n\nWhat [they](x.html) are,\non two lines.'),
      '01',
    ),
  ).toEqual({ title: 'The digits of MNIST', summary: 'What they are, on two lines.' });
});

test('a formula is no first paragraph', () => {
  const prose = notebook('# Title', '$$x$$', '\\begin{align}\ny\n\\end{align}', 'Words.');
  expect(headline(prose, '01').summary).toBe('Words.');
});

test('without a heading the name stands in', () => {
  expect(headline(notebook('Prose alone.'), '01-mnist')).toEqual({
    title: '01-mnist',
    summary: 'Prose alone.',
  });
});
