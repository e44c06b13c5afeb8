import { toPages } from '../../src/report/pages/pages';

const records = [{ name: '07-same-recipe' }, { name: '09-choosing' }];

test('links to notebooks lead to their pages', () => {
  const text = 'See [this](09-choosing.ipynb#How-fast-it-trains) and [that](07-same-recipe.ipynb).';
  expect(toPages(text, records, 'html')).toBe(
    'See [this](09-choosing.html#How-fast-it-trains) and [that](07-same-recipe.html).',
  );
  expect(toPages(text, records, 'md')).toContain('(07-same-recipe.md)');
});

test('where there is no page, the words stay', () => {
  expect(toPages('**[50 lines](01-mnist.ipynb#The-code)**', records, 'html')).toBe('**50 lines**');
});

test('other links are left alone', () => {
  const text = '[here](#The-answer) [there](https://example.org/a.ipynb) [file](data/README.md)';
  expect(toPages(text, records, 'html')).toBe(text);
});
