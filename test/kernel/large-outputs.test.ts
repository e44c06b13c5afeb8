import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { contents, Driver, failure, type Result, text } from './driver';

let kernel: Driver;
let folder = '';
beforeAll(async () => {
  kernel = await Driver.start();
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true });
});

const run = (code: string) => kernel.execute(code);

/** The files that a text names. */
const filesIn = (shown: string): string[] => {
  const files = shown.match(/\/\S*tandem-outputs-\d+\/\S+/g) ?? [];
  if (files[0]) folder = dirname(files[0]);
  return files;
};

const shown = (result: Result, type: string): string =>
  contents(result, type)
    .map(({ data }) => data['text/plain'])
    .join('');

test('200 MB of printed text are truncated, with their size and the place of the complete output', async () => {
  const result = await run(
    "console.log('first');\nfor (let i = 0; i < 2000; i++) console.log('x'.repeat(99_999));",
  );
  const printed = text(result, 'stdout');
  expect(printed.length).toBeLessThan(1_001_000);
  expect(printed).toMatch(/^first\nx{99999}\n/);
  expect(printed).toMatch(/\n… cut here: the whole is in \S+\/cell-1\.txt\n… 200\.0 MB in all\n$/);
  const [file] = filesIn(printed);
  expect(statSync(file!).size).toBe(200_000_006);
  expect(await kernel.value('1 + 1')).toBe('2');
});

test('a text without a line end and the output of child processes are truncated, too', async () => {
  const one = text(await run("process.stdout.write('ä😀'.repeat(1_000_000));"), 'stdout');
  expect(one).toMatch(/^(ä😀)+ä?\n… cut here: /);
  expect(readFileSync(filesIn(one)[0]!, 'utf8')).toBe('ä😀'.repeat(1_000_000));
  const child = await run(`import { spawnSync } from 'node:child_process';
    spawnSync('sh', ['-c', 'yes native | head -c 20000000'], { stdio: 'inherit' });`);
  expect(text(child, 'stdout').length).toBeLessThan(1_001_000);
});

test('a result of 200 MB is truncated, with its size and the place of the complete output', async () => {
  const result = shown(await run("'y'.repeat(200_000_000)"), 'execute_result');
  expect(result.length).toBeLessThan(1_001_000);
  expect(result).toMatch(/^y+\n… cut: text\/plain, 200\.0 MB in all: \S+-output-1\.txt$/);
  expect(statSync(filesIn(result)[0]!).size).toBe(200_000_000);
});

const display = "const { display } = (globalThis as any)[Symbol.for('tandem.kernel')];\n";

test('a picture, a page and a table that are too large are reported, and saved as files', async () => {
  const result = await run(`${display}const data = {
    'text/plain': 'a table', 'text/html': '<b>'.repeat(10_000_000),
    'image/png': Buffer.from('not really').toString('base64'), 'application/json': [1, 2],
  };
  display({ data, metadata: {} }, false);`);
  const note = shown(result, 'display_data');
  expect(note).toMatch(/^a table\n… cut: text\/html, 30\.0 MB in all: /);
  const files = filesIn(note);
  expect(files.map((file) => file.replace(/.*-output-/, ''))).toEqual([
    '1.html',
    '2.png',
    '3.json',
  ]);
  expect(statSync(files[0]!).size).toBe(30_000_000);
  expect(readFileSync(files[1]!, 'utf8')).toBe('not really');
  expect(readFileSync(files[2]!, 'utf8')).toBe('[1,2]');
});

test('many outputs count together; what is cleared or updated in its place does not', async () => {
  const one = `${display}const html = 'h'.repeat(9_000_000);
  const show = (update: boolean) => display({ data: { 'text/html': html }, metadata: {} }, update);\n`;
  const many = await run(`${one}for (let i = 0; i < 3; i++) show(false);`);
  const types = contents(many, 'display_data').map(({ data }) => Object.keys(data)[0]);
  expect(types).toEqual(['text/html', 'text/html', 'text/plain']);
  filesIn(shown(many, 'display_data'));
  const cleared =
    await run(`const { clearOutput } = (globalThis as any)[Symbol.for('tandem.kernel')];
  for (let i = 0; i < 3; i++) { show(false); clearOutput(); show(true); show(true); }`);
  for (const type of ['display_data', 'update_display_data'])
    expect(contents(cleared, type).every(({ data }) => 'text/html' in data)).toBe(true);
});

test('if the folder for complete outputs can’t be written, the output says so and the kernel survives', async () => {
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  const printed = text(await run("console.log('x'.repeat(2_000_000));"), 'stdout');
  expect(printed).toMatch(/… 2\.0 MB in all, which could not be kept \(EEXIST: .*\)\n$/);
  const result = shown(await run("'y'.repeat(2_000_000)"), 'execute_result');
  expect(result).toMatch(/… cut: text\/plain, 2\.0 MB in all: could not be kept \(EEXIST: .*\)$/);
  rmSync(folder);
  expect(await kernel.value('1 + 1')).toBe('2');
});

test("an error's message that is too long is cut, in its reply too", async () => {
  const result = await run("throw new Error('z'.repeat(30_000_000));");
  const { evalue, traceback } = failure(result);
  expect(evalue).toMatch(/^z+\n… cut: 30\.0 MB in all: /);
  expect(evalue.length + traceback.length).toBeLessThan(50_000);
  expect(JSON.stringify(result.replies[0]).length).toBeLessThan(50_000);
  const whole = readFileSync(filesIn(evalue)[0]!, 'utf8');
  expect(whole.startsWith(`Error: ${'z'.repeat(30_000_000)}\n`)).toBe(true);
  const cause = failure(
    await run("throw new Error('short', { cause: new Error('c'.repeat(30_000_000)) });"),
  );
  expect(cause.evalue).toBe('short');
  expect(cause.traceback).toMatch(/\n… cut: 30\.0 MB in all: \S+$/);
});

test('what is below the limits is shown as it is, and leaves no file', async () => {
  const result = await run("console.log('x'.repeat(900_000));\n'y'.repeat(900_000)");
  expect(text(result, 'stdout')).toBe(`${'x'.repeat(900_000)}\n`);
  expect(shown(result, 'execute_result')).toBe('y'.repeat(900_000));
  const number = result.replies[0]!.content.execution_count;
  expect(existsSync(`${folder}/cell-${number}.txt`)).toBe(false);
});
