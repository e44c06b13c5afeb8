import { terminalText } from '../../src/report/pages/terminal-text';

test.each([
  ['progress over itself', '\r 10%\r 50%\r100%\n', '100%\n'],
  ['a shorter text over a longer one', 'epoch 10\repoch 2\n', 'epoch 20\n'],
  ['an erased line', 'epoch 10, loss 3\r\x1b[Kdone\n', 'done\n'],
  ['a line erased as a whole', 'a long line\x1b[2K\rshort', 'short'],
  ['a return at the end', '100%\r', '100%'],
  ['a return before a new line', 'one\r\ntwo\r\n', 'one\ntwo\n'],
  ['returns twice before a new line', 'one\r\r\ntwo', 'one\ntwo'],
  ['backspaces', 'abc\b\bX\n', 'aXc\n'],
  ['a spinner', '|\b/\b-\b\\\bok\n', 'ok\n'],
  ['backspaces before the beginning', '\b\b\bx', 'x'],
  [
    'two bars, as of nested tqdm',
    'outer 0\ninner 0\x1b[A\router 1\n\rinner 1\n',
    'outer 1\ninner 1\n',
  ],
  [
    'colours of what is left',
    '\x1b[31mred\r\x1b[32mgreen\x1b[0m.\n',
    '\x1b[31m\x1b[32mgreen\x1b[0m.\n',
  ],
  ['an erased screen', 'before\n\x1b[2J\x1b[Hafter', 'after'],
  ['a link of the terminal', '\x1b]8;;https://example.org\x07words\x1b]8;;\x07', 'words'],
  ['signs of more than one unit', '进度\r😀', '😀度'],
  ['plain words with colours', '\x1b[1mbold\x1b[0m\n', '\x1b[1mbold\x1b[0m\n'],
])('%s', (_, text, shown) => {
  expect(terminalText(text)).toBe(shown);
});

test('a megabyte of progress is one line', () => {
  const text = Array.from({ length: 100_000 }, (_, step) => `\rstep ${step}`).join('');
  expect(terminalText(text)).toBe('step 99999');
});
