import { codeHint } from '../../src/report/pages/code-hint';

test.each([
  ['the last statement', 'const a = 1;\nshow(a);', 'show(a);'],
  ['not an import or a comment', "import {\n  show,\n} from 'x';\n\n// why\nshow(1);", 'show(1);'],
  [
    'a statement over several lines, on one',
    'show(\n  grid(train, {\n    columns: 5,\n  }),\n);',
    'show(grid(train, { columns: 5 }));',
  ],
  [
    'not a text alone',
    'const { seed } = parameters();\n`the seed`',
    'const { seed } = parameters();',
  ],
  ['what there is, where there is nothing else', "import 'x';", "import 'x';"],
  ['nothing of an empty cell', '', ''],
])('the hint of folded code is %s', (_, source, hint) => {
  expect(codeHint(source)).toBe(hint);
});

test('a long hint is cut', () => {
  const hint = codeHint(`show('${'long '.repeat(50)}');`);
  expect(hint).toHaveLength(100);
  expect(hint).toMatch(/…$/);
});
