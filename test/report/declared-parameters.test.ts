import { declaredParameters } from '../../src/report/declared-parameters';
import type { Notebook } from '../../src/report/notebook';

const notebook = (...sources: string[]): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: sources.map((source) => ({ cell_type: 'code', source, metadata: {} })),
});

test.each([
  ["const { a } = parameters({ a: 'x', b: -1.5, c: true });", { a: 'x', b: -1.5, c: true }],
  ['const p = parameters({\n  // how fast\n  "rate": (1e-3 as number),\n});', { rate: 0.001 }],
  ['const p = parameters({});', {}],
  ['const p = parameters({ a: Math.PI });', 'unread'],
  ['const p = parameters(defaults);', 'unread'],
  ['const p = parameters({ ...defaults, a: 1 });', 'unread'],
  ['// parameters({ a: 1 })', undefined],
  ["const text = 'parameters({ a: 1 })';", undefined],
  ['nothing();', undefined],
])('%s', (source, expected) => {
  expect(declaredParameters(notebook('1;', source))).toEqual(expected);
});
