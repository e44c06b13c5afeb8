import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { inProject } from '../../src/files/paths';
import { contents, Driver, failure, text } from './driver';

let kernel: Driver;
beforeAll(async () => {
  kernel = await Driver.start();
});
afterAll(() => kernel.stop());

test('an error names the line of the cell, past types and empty lines, also in a function of an earlier cell', async () => {
  const declared = await kernel.execute(`
interface Options {
  readonly size: number;
}

/** Fails. */
function fail({ size }: Options): never {

  throw new RangeError('size ' + size);
}`);
  const first = declared.replies[0]!.content.execution_count;
  const result = await kernel.execute(
    'type Id = string;\n\nconst id: Id = "a";\nfail({ size: id.length });',
  );
  const { ename, evalue, traceback } = failure(result);
  expect({ ename, evalue }).toEqual({ ename: 'RangeError', evalue: 'size 1' });
  expect(traceback).toBe(
    [
      'RangeError: size 1',
      `cell ${first}:`,
      "9 |   throw new RangeError('size ' + size);",
      '            ^',
      `    at fail (cell ${first}, line 9)`,
      `    at cell ${first + 1}, line 4`,
    ].join('\n'),
  );
  expect(result.replies[0]?.content).toMatchObject({ status: 'error', ename, evalue });
  expect(result.replies[0]?.content.traceback).toEqual(contents(result, 'error')[0].traceback);
});

test('lines are right after an await, in a callback and on the first line', async () => {
  const awaited = failure(
    await kernel.execute('await Promise.resolve(1);\n\n\nawait (async () => {\n  null!.x;\n})();'),
  );
  expect(awaited.ename).toBe('TypeScriptError');
  const late = failure(
    await kernel.execute(
      'const nothing: any = null;\nawait Promise.resolve(1);\n\n[1].map(() =>\n  nothing.x);',
    ),
  );
  expect(late.traceback).toMatch(/\n5 \| {3}nothing\.x\);\n {14}\^\n/);
  const top = failure(await kernel.execute("throw new Error('top')"));
  expect(top.traceback).toMatch(/\n1 \| throw new Error\('top'\)\n {10}\^\n/);
});

test('causes are named, and what is thrown need not be an error', async () => {
  const { traceback } = failure(
    await kernel.execute("throw new Error('outer', { cause: new TypeError('inner') });"),
  );
  expect(traceback).toMatch(/Caused by: TypeError: inner$/);
  expect(failure(await kernel.execute('throw { code: 3 };'))).toMatchObject({
    ename: 'Thrown',
    evalue: '{ code: 3 }',
  });
});

test('all type errors of a cell are shown at once, with line and caret, and nothing has run', async () => {
  const result = await kernel.execute(
    "console.log('ran');\nconst n: number = 'one';\n\n  missing(1);",
  );
  expect(failure(result)).toEqual({
    ename: 'TypeScriptError',
    evalue: "line 2: Type 'string' is not assignable to type 'number'. (and 1 more)",
    traceback: [
      "line 2, column 7: TS2322: Type 'string' is not assignable to type 'number'.",
      "2 | const n: number = 'one';",
      '          ^',
      "line 4, column 3: TS2304: Cannot find name 'missing'.",
      '4 |   missing(1);',
      '      ^^^^^^^',
    ].join('\n'),
  });
  expect(text(result, 'stdout')).toBe('');
});

test('shorthand properties of earlier variables work, and do not shift the places of errors', async () => {
  await kernel.execute('const seed = 3;\nconst rate = 0.1;');
  expect(await kernel.value('({ seed, inner: { rate } })')).toBe(
    '{ seed: 3, inner: { rate: 0.1 } }',
  );
  expect(await kernel.value('((seed: string) => ({ seed }))("own").seed')).toBe('own');
  const wrong = failure(await kernel.execute('const o = { seed, rate, nowhere, x: missing };'));
  expect(wrong.traceback).toMatch(/\n1 \| const o = .*\n {28}\^{7}\n/);
  expect(wrong.traceback).toContain('line 1, column 25: TS18004: ');
  expect(wrong.traceback).toContain('line 1, column 37: TS2304: ');
  const thrown = failure(await kernel.execute('const p = [{ seed, rate }, (null as any).x];'));
  expect(thrown.traceback).toMatch(/\n1 \| const p = .*\n {45}\^\n/);
});

test('the parts of one type error are one', async () => {
  const { evalue, traceback } = failure(
    await kernel.execute('const f: (x: number) => string = (x: string) => x;'),
  );
  expect(evalue).not.toContain('more)');
  expect(traceback).toContain("\n  Types of parameters 'x' and 'x' are incompatible.");
});

test('a syntax error is shown at its place', async () => {
  const { evalue, traceback } = failure(await kernel.execute('const a = 1;\nconst = 2;'));
  expect(evalue).toMatch(/^line 2: /);
  expect(traceback).toMatch(/\n2 \| const = 2;\n {10}\^/);
});

test('an unhandled rejection fails its cell, also right behind its last statement', async () => {
  const rejected = await kernel.execute("Promise.reject(new Error('lost'));\n'value';");
  expect(failure(rejected)).toMatchObject({ ename: 'Error', evalue: 'lost' });
  expect(failure(rejected).traceback).toContain("1 | Promise.reject(new Error('lost'));");
  expect(contents(rejected, 'execute_result')).toEqual([]);
  const thrown = await kernel.execute(
    "setTimeout(() => { throw new Error('in a timer'); }, 20);\nawait new Promise(() => {});",
  );
  expect(failure(thrown).evalue).toBe('in a timer');
});

test('a rejection after its cell has ended is printed as that of the cell, and the kernel lives', async () => {
  const { ids, heard } = await kernel.behind("void Promise.reject(new Error('much later'));");
  expect(text(heard, 'stderr')).toMatch(/^Unhandled after its cell had ended: Error: much later/);
  expect(heard.output.every(({ parent }) => parent === ids[0])).toBe(true);
  expect(await kernel.value('1 + 1')).toBe('2');
});

test('what a cell computed before it failed is kept, with its types', async () => {
  await kernel.execute("const kept = [1, 2];\nthrow new Error('half-way');");
  expect(await kernel.value('kept.length')).toBe('2');
});

test('after a failed cell, those queued behind it are aborted; later ones run', async () => {
  const { replies, output, ids } = await kernel.step({
    queue: ["throw new Error('first')", "console.log('second')", "console.log('third')"],
  });
  expect(replies.map(({ content }) => content.status)).toEqual(['error', 'aborted', 'aborted']);
  expect(replies.map(({ parent }) => parent)).toEqual(ids);
  expect(output.filter(({ type }) => type === 'stream')).toEqual([]);
  expect(await kernel.value("'again'")).toBe('again');
  const tolerant = await kernel.step({
    queue: ["throw new Error('first')", "'second'"],
    stop_on_error: false,
  });
  expect(tolerant.replies.map(({ content }) => content.status)).toEqual(['error', 'ok']);
});

test("an error in a project's file names its line, and an edit of the file is seen by the next import", async () => {
  const folder = inProject('build', 'kernel-test');
  mkdirSync(folder, { recursive: true });
  try {
    const missing = await kernel.execute("import { shout } from './build/kernel-test/voice';");
    expect(failure(missing).evalue).toMatch(/Cannot find module/);
    const file = (message: string) =>
      `interface Voice {\n  loud: boolean;\n}\n\nexport function shout(): never {\n  throw new Error('${message}');\n}\n`;
    writeFileSync(inProject('build/kernel-test/voice.ts'), file('one'));
    const first = await kernel.execute(
      "import { shout } from './build/kernel-test/voice';\nshout();",
    );
    expect(failure(first).evalue).toBe('one');
    expect(failure(first).traceback).toContain('at shout (build/kernel-test/voice.ts:6:9)');
    writeFileSync(inProject('build/kernel-test/voice.ts'), file('two'));
    const second = await kernel.execute(
      "import { shout } from './build/kernel-test/voice';\nshout();",
    );
    expect(failure(second).evalue).toBe('two');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
