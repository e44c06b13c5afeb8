import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';
import { executedCells } from '../../src/report/notebook';
import { readExecutedNotebook, readNotebook } from '../../src/report/notebook-file';
import { fixture } from './fixture';
import { runReport } from './run-report';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-odd-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const code = (source: unknown = '1', more: object = {}) => ({
  ...{ id: 'c', cell_type: 'code', metadata: {}, source, outputs: [], execution_count: null },
  ...more,
});
const markdown = (source: string, more: object = {}) => ({
  ...{ id: 'm', cell_type: 'markdown', metadata: {}, source },
  ...more,
});
const notebookOf = (cells: unknown[], more: object = {}) => ({
  ...{ nbformat: 4, nbformat_minor: 5, metadata: {}, cells },
  ...more,
});

const save = (name: string, notebook: unknown): string => {
  const path = join(folder, `${name}.ipynb`);
  writeFileSync(path, typeof notebook === 'string' ? notebook : JSON.stringify(notebook));
  return path;
};

const { metadata: _, ...withoutMetadata } = code();
const { outputs: __, execution_count: ___, ...withoutOutputs } = code();
const version3 = {
  ...{ nbformat: 3, nbformat_minor: 0, metadata: { name: 'old' } },
  worksheets: [
    { cells: [{ cell_type: 'code', language: 'typescript', input: ['21 + 21'], outputs: [] }] },
  ],
};

/** What is left out, null or wrong in notebooks that Jupyter opens, or other tools have written. */
const lenient: Record<string, unknown> = {
  'a null id': notebookOf([code('1', { id: null })]),
  'an id with a space': notebookOf([code('1', { id: 'has space!' })]),
  'a number as id': notebookOf([code('1', { id: 7 })]),
  'an id of 65 characters': notebookOf([code('1', { id: 'x'.repeat(65) })]),
  'two cells of one id': notebookOf([code('1', { id: 'same' }), code('2', { id: 'same' })]),
  'ids before nbformat 4.5': notebookOf([code()], { nbformat_minor: 2 }),
  'null metadata': notebookOf([code()], { metadata: null }),
  'no metadata and no minor': { nbformat: 4, cells: [code()] },
  'a kernelspec without name': notebookOf([code()], {
    metadata: { kernelspec: { language: 'typescript' } },
  }),
  'a kernelspec with more': notebookOf([code()], {
    metadata: { kernelspec: { argv: ['x'], env: null, metadata: null, name: 'tandem' } },
  }),
  'metadata of other shapes': notebookOf([code()], {
    metadata: { language_info: { name: null }, title: 3, authors: 'me', orig_nbformat: 0 },
  }),
  'a language of other shapes': notebookOf([code()], {
    metadata: { language_info: { name: 'typescript', codemirror_mode: 3, mimetype: null } },
  }),
  "a cell's metadata of other shapes": notebookOf([
    code('1', {
      metadata: {
        ...{ collapsed: 'true', scrolled: 'yes', name: '', jupyter: true, execution: { a: 1 } },
        tags: ['a,b', 'b', ' ', 3],
      },
    }),
  ]),
  'an execution count of other shapes': notebookOf([
    code('1', { execution_count: '1' }),
    code('2', { execution_count: -1 }),
  ]),
  'a Markdown cell with outputs': notebookOf([
    markdown('# Words', { outputs: [], execution_count: null }),
    code(),
  ]),
  'outputs of other shapes': notebookOf([
    code('1', {
      outputs: [
        { output_type: 'stream', name: null, text: null },
        {
          output_type: 'execute_result',
          metadata: [],
          data: { 'text/plain': null, 'text/html': ['x'] },
        },
        {
          output_type: 'display_data',
          data: { 'image/png': { a: 1 }, 'application/json': { a: 1 } },
        },
      ],
    }),
  ]),
  'attachments of other shapes': notebookOf([
    markdown('# Words', { attachments: { a: null, b: { 'image/png': 3, 'text/plain': 'x' } } }),
    code(),
  ]),
  'a null kernelspec': notebookOf([code()], { metadata: { kernelspec: null, language_info: 3 } }),
  'a cell without metadata': notebookOf([withoutMetadata]),
  'a cell with a list as metadata': notebookOf([code('1', { metadata: [] })]),
  'a text as tags': notebookOf([code('1', { metadata: { tags: 'raises-exception' } })]),
  'tags that are null': notebookOf([code('1', { metadata: { tags: null } })]),
  'a cell without outputs': notebookOf([withoutOutputs]),
  'null outputs and source': notebookOf([code('1', { outputs: null }), code(null)]),
  'outputs of no kind': notebookOf([
    code('1', { outputs: [null, 3, { output_type: 'pyout' }, { output_type: 'display_data' }] }),
  ]),
  'null attachments': notebookOf([markdown('# Words', { attachments: null }), code()]),
  'widgets of another run': notebookOf([code()], {
    metadata: { widgets: { 'application/vnd.jupyter.widget-state+json': { w: {} } } },
  }),
  'a byte order mark': `\uFEFF${JSON.stringify(notebookOf([code()]))}`,
};

test.each(Object.keys(lenient))('a notebook with %s is read', (name) => {
  const notebook = readNotebook(save('lenient', lenient[name]));
  expect(notebook.nbformat_minor).toBe(5);
  const ids = notebook.cells.map(({ id }) => id);
  expect(ids.every((id) => /^[\w-]{1,64}$/.test(String(id)))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(executedCells(notebook)[0]).toMatchObject({ source: '1', metadata: {} });
});

test('a lone surrogate becomes the replacement character', () => {
  const text = JSON.stringify(notebookOf([code("'\\ud800'"), markdown('\ud800 x \ud83d\ude00')]));
  const { cells } = readNotebook(save('half', text));
  expect(cells.map(({ source }) => source)).toEqual(["'\\ud800'", '\ufffd x \ud83d\ude00']);
});

test('nbformat finds nothing to complain of in what was read leniently', () => {
  const read = Object.keys(lenient).map((name) => readNotebook(save('lenient', lenient[name])));
  const all = save('all', JSON.stringify(read));
  const check =
    'import json, nbformat, sys\nwith open(sys.argv[1]) as file:\n  for it in json.load(file): nbformat.validate(it)';
  expect(
    execFileSync(inProject('.venv/bin/python'), ['-W', 'error', '-c', check, all]),
  ).toHaveLength(0);
});

test.each([
  ['a null cell', [code(), null], /refused\.ipynb, cell 2 of 2: is null, not a cell; remove it\./],
  [
    'an unknown cell',
    [code('1', { cell_type: 'heading' })],
    /cell 1 of 1: has the unknown cell_type "heading"; it must be code, markdown or raw\./,
  ],
  [
    'a number as source',
    [markdown('x'), code(3)],
    /cell 2 of 2: its source is not a text; it must be a string or lines\./,
  ],
  ['source lines that are none', [code(['1', 2])], /cell 1 of 1: its source is not a text/],
])('%s is refused with notebook and cell', (_name, cells, line) => {
  expect(() => readNotebook(save('refused', notebookOf(cells)))).toThrow(line);
});

describe('in one report', () => {
  const output = () => join(folder, "re[p]ort* 'of' {all}?");
  let ended: Awaited<ReturnType<typeof runReport>>;
  let again: Awaited<ReturnType<typeof runReport>>;
  beforeAll(async () => {
    mkdirSync(join(folder, 'imgs'));
    const red =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
    writeFileSync(join(folder, 'imgs/red dot.png'), Buffer.from(red, 'base64'));
    const pictures = [
      ...['# Pictures', '![gone](attachment:gone.png)', '![there](attachment:%D1%89.png)'],
      ...['![red](imgs/red%20dot.png)', '![lost](imgs/lost.png "title")'],
      ...['<img src="./imgs/red dot.png" width="20">', '![badge](https://example.org/badge.svg)'],
      ...[
        '![with a space](attachment:a dot.png)',
        '![by name][dot]',
        '[dot]: <imgs/red dot.png>',
        '`![code](imgs/code.png)`',
      ],
    ].join('\n\n');
    const attachments = { 'щ.png': { 'image/png': red }, 'a dot.png': { 'image/png': red } };
    const shown =
      '<style>p { color: red }</style><p><img src="imgs/red dot.png"><img src="imgs/nowhere.png">';
    const showing = `import { display } from 'tslab'; display.html(${JSON.stringify(shown)});`;
    const odd = [
      save('missing-attachment', notebookOf([markdown(pictures, { attachments }), code(showing)])),
      save('lecture [2]', notebookOf([code(), withoutMetadata])),
      save('what? *{x} & -y', lenient['two cells of one id']),
      save('-dash', lenient['a null id']),
    ];
    ended = await runReport('--output', output(), ...odd);
    rmSync(join(folder, 'imgs'), { recursive: true });
    // Another tool, or an earlier version, has left these in the folder.
    const kept = join(output(), '-dash.ipynb');
    writeFileSync(kept, JSON.stringify(notebookOf([code('1', { id: null, metadata: null })])));
    writeFileSync(join(output(), 'lecture [2].ipynb'), '{ cut off');
    again = await runReport('--output', output(), fixture('failing-cell'));
  });

  test('every one runs and gets its page; a line names each picture that is not there', () => {
    expect(ended.errors.sort()).toEqual(
      [
        ['attachment:gone.png', 'is missing; the page says so in its place'],
        ['https://example.org/badge.svg', 'is on the network; the page shows its address instead'],
        ['imgs/lost.png', 'is missing; the page says so in its place'],
        ['imgs/nowhere.png', 'is missing; the page says so in its place', 2],
      ].map(([name, what, cell = 1]) =>
        expect.stringContaining(
          `missing-attachment.ipynb, cell ${cell} of 2: the picture "${name}" ${what}`,
        ),
      ),
    );
    expect(ended.errors.every((line) => line.startsWith('note: '))).toBe(true);
    expect(ended.code).toBe(0);
    const pages = readdirSync(output()).filter((file) => file.endsWith('.html'));
    expect(pages).toEqual(
      expect.arrayContaining([
        ...['-dash.html', 'index.html', 'lecture [2].html'],
        ...['missing-attachment.html', 'what? *{x} & -y.html'],
      ]),
    );
  });

  test('pictures beside the notebook are in its page, also when they are gone since', () => {
    const page = readFileSync(join(output(), 'missing-attachment.html'), 'utf8');
    const images = page.match(/<img [^>]*src="data:image\/png;base64,iVBOR[^>]*>/g) ?? [];
    expect(images).toHaveLength(6);
    expect(page).toMatch(/<div class="output html">\s*<p><img [^>]*src="data:image\/png/);
    expect(images.find((image) => image.includes('width="20"'))).toBeDefined();
    expect(page).toContain('Missing picture: <code>attachment:gone.png</code> (gone)');
    expect(page).toContain('Missing picture: <code>imgs/lost.png</code> (lost)');
    expect(page).toMatch(/Picture on the network: <a href="https:\/\/example\.org\/badge\.svg">/);
    expect(page).not.toMatch(/<img [^>]*src="(?!data:)/);
    expect(page).not.toContain('Missing picture: <code>imgs/code.png');
  });

  test('later reports into the folder work; what can’t be read has a page that says so', () => {
    expect(again.errors).toEqual([
      expect.stringMatching(/^failed: lecture \[2\], its page could not be made: .*it isn't JSON/),
      expect.stringMatching(/^failed: .*failing-cell\.ipynb, cell 2, line 2: RangeError/),
    ]);
    expect(again.code).toBe(1);
    expect(readFileSync(join(output(), 'lecture [2].html'), 'utf8')).toContain('it isn&#39;t JSON');
    expect(readFileSync(join(output(), '-dash.html'), 'utf8')).toContain('class="code-cell');
    expect(existsSync(join(output(), 'failing-cell.html'))).toBe(true);
    const { cells } = readExecutedNotebook(join(output(), 'what? *{x} & -y.ipynb'));
    expect(cells.map(({ outputs }) => outputs?.length)).toEqual([1, 1]);
  });
});

test('a notebook of format 3 is refused with the command that converts it', async () => {
  const path = save("old 'one'", version3);
  const { code: refused, errors } = await runReport('--output', join(folder, 'old'), path);
  expect(refused).toBe(2);
  expect(errors).toHaveLength(1);
  const [, command] = /: a notebook of format 3; convert it with: (.*)$/.exec(errors[0]!)!;
  execFileSync('bash', ['-c', command!], { cwd: inProject(), stdio: 'ignore' });
  expect(executedCells(readNotebook(path)).map(({ source }) => source)).toEqual(['21 + 21']);
});
