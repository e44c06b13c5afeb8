import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/command/errors';
import { parameters } from '../../src/notebook/parameters';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-parameters-'));
});
afterEach(() => {
  delete process.env.TANDEM_RUN;
  rmSync(folder, { recursive: true });
});

/** Stands for a runner that has written `content` into the file of the run. */
const given = (content: string) => {
  process.env.TANDEM_RUN = join(folder, 'run.json');
  writeFileSync(process.env.TANDEM_RUN, content);
};

const defaults = { profile: 'quick', seed: 0, loud: false };

test('without a runner the defaults hold', () => {
  expect(parameters(defaults)).toEqual(defaults);
});

test('what the runner sets takes their place', () => {
  given(JSON.stringify({ parameters: { seed: 3, loud: true } }));
  expect(parameters(defaults)).toEqual({ profile: 'quick', seed: 3, loud: true });
});

test.each([
  [
    'a name that is not declared',
    '{"parameters":{"sed":1}}',
    "Unknown parameter 'sed'. This notebook takes prof",
  ],
  ['a name that all objects have', '{"parameters":{"toString":1}}', "Unknown parameter 'toString'"],
  ['another type', '{"parameters":{"seed":"1"}}', "'seed' is the string 1, but must be a number"],
  ['no JSON', '{"parameters":', 'which is damaged: unset it'],
  ['parameters that are a list', '{"parameters":[1]}', 'which is damaged'],
])('%s is refused in one line', (_, content, message) => {
  given(content);
  expect(() => parameters(defaults)).toThrow(UserError);
  expect(() => parameters(defaults)).toThrow(message);
});

test('a file that is gone is refused as well', () => {
  process.env.TANDEM_RUN = join(folder, 'gone.json');
  expect(() => parameters(defaults)).toThrow(/gone\.json, which can't be read: unset it/);
});
