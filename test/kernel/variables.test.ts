import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Driver, failure } from './driver';

let folder: string;
let kernel: Driver;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-variables-'));
  kernel = await Driver.start({}, { folder });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true });
});

/** Runs cells and gives the text of the last one's result; none of them may fail. */
async function last(...cells: string[]): Promise<string | undefined> {
  for (const cell of cells.slice(0, -1))
    expect(failure(await kernel.execute(cell)).evalue).toBe(undefined);
  const result = await kernel.execute(cells.at(-1)!);
  expect(failure(result).evalue).toBe(undefined);
  return result.output.find(({ type }) => type === 'execute_result')?.content.data['text/plain'];
}

test.each([
  [
    'changed variables',
    [
      'let rate = 0.1;\nlet model: any = null;\nfunction step() { return rate }\nfunction ready() { return model !== null }',
      'rate = 0.01;\nmodel = { w: 7 };',
      '({ rate, seenByStep: step(), ready: ready() })',
    ],
    '{ rate: 0.01, seenByStep: 0.01, ready: true }',
  ],
  ['a variable declared again', ['let a1 = 1; const f1 = () => a1;', 'let a1 = 2;', 'f1()'], '2'],
  [
    'a constant declared again by let',
    ['const a2 = 1; const f2 = () => a2;', 'let a2 = 2;', 'f2()'],
    '2',
  ],
  ['a var', ['var a3 = 1; function f3() { return a3; }', 'a3++;', 'f3()'], '2'],
  [
    'a var in a block and in a loop',
    ['if (true) { var a4 = 4; }\nfor (var i4 = 0; i4 < 3; i4++);', 'a4 + i4'],
    '7',
  ],
  [
    'a function declared again',
    ['function g5() { return 1; }\nconst f5 = () => g5();', 'function g5() { return 2; }', 'f5()'],
    '2',
  ],
  [
    'a function that becomes a constant',
    ['function g6() { return 1; }\nconst f6 = () => g6();', 'const g6 = () => 2;', 'f6()'],
    '2',
  ],
  [
    'a function that is wrapped',
    [
      'let calls = 0;\nfunction fib(n: number): number { calls++; return n < 2 ? n : fib(n - 1) + fib(n - 2); }',
      'const plain = fib;',
      'let fib = (n: number): number => (n === 1 ? 100 : plain(n));',
      'fib(2)',
    ],
    '100',
  ],
  [
    'a class declared again',
    [
      'class K7 { x = 1 }\nconst f7 = () => new K7().x;',
      'class K7 { x = 2; y = 3 }',
      '[f7(), new K7().y]',
    ],
    '[ 2, 3 ]',
  ],
  [
    'a class that extends one declared again',
    ['class B8 { x = 1 }', 'class B8 { x = 2 }\nclass D8 extends B8 {}', 'new D8().x'],
    '2',
  ],
  [
    'destructuring',
    [
      'let { p9, q: [r9] } = { p9: 1, q: [2] };\nconst f9 = () => [p9, r9];',
      '[p9, r9] = [r9, p9];',
      'f9()',
    ],
    '[ 2, 1 ]',
  ],
  [
    'destructuring by var',
    ['var { v1, ...v2 } = { v1: 1, z: 2 };\nfor (var [k1, v3] of [[1, 2]]);', '[v1, v2, k1, v3]'],
    '[ 1, { z: 2 }, 1, 2 ]',
  ],
  [
    'a callback that goes on',
    [
      'let n10 = 0;\nconst t10 = setInterval(() => n10++, 1);',
      'n10 = 100;\nawait new Promise((r) => setTimeout(r, 50));\nclearInterval(t10);',
      'n10 > 100',
    ],
    'true',
  ],
  [
    'async code that began before',
    [
      'let d11 = 1;\nlet go11!: () => void;\nconst p11 = new Promise<void>((r) => { go11 = r; }).then(() => d11);',
      'd11 = 2;\ngo11();',
      'await p11',
    ],
    '2',
  ],
  [
    'an import that is replaced',
    [
      "import { join as j12 } from 'node:path';\nconst f12 = () => j12('a', 'b');",
      "const j12 = (...parts: string[]) => parts.join('+');",
      'f12()',
    ],
    'a+b',
  ],
  [
    'an enum that is edited',
    ['enum E14 { A, B }', 'enum E14 { C }', 'Object.keys(E14)'],
    "[ '0', 'C' ]",
  ],
  [
    'a namespace',
    ['namespace N15 { export const x = 1; export function f() { return x + 1; } }', 'N15.f()'],
    '2',
  ],
  [
    'an export',
    [
      'export const answer = 42;\nexport default function twice(x: number) { return 2 * x; }\nexport { answer as other };',
      'twice(answer)',
    ],
    '84',
  ],
  ['double underscores', ['const __x = 1; __x', '__x + 1'], '2'],
  [
    'declare global',
    [
      'declare global { var shared17: number; interface Array<T> { second(): T } }\nglobalThis.shared17 = 17;\nArray.prototype.second = function () { return this[1]; };',
      '[shared17, [1, 2].second()]',
    ],
    '[ 17, 2 ]',
  ],
  [
    'decorators',
    [
      'const seen18: string[] = [];\nfunction log18(target: unknown, { name }: DecoratorContext) { seen18.push(String(name)); }\n@log18 class A18 { @log18 m() {} accessor x = 1; }',
      'seen18',
    ],
    "[ 'm', 'A18' ]",
  ],
  [
    'generics',
    [
      'const id19 = <T,>(x: T): T => x;\nclass Box19<T extends object> { constructor(public readonly value: T) {} }',
      'id19(new Box19({ a: 1 }).value.a)',
    ],
    '1',
  ],
  [
    'using',
    [
      'const log20: string[] = [];\nconst open20 = (name: string) => ({ name, [Symbol.dispose]: () => log20.push(name) });',
      "using a20 = open20('a');\nusing b20 = open20('b');\nconst kept20 = a20.name + b20.name;",
      'log20.concat(kept20)',
    ],
    "[ 'b', 'a', 'ab' ]",
  ],
  [
    'await using',
    [
      'await using a21 = { [Symbol.asyncDispose]: async () => { done21 = true; } };\nvar done21 = false;',
      'done21',
    ],
    'true',
  ],
  [
    'a generator',
    [
      'function* g22() { yield* [1, 2]; }\nasync function* h22() { yield 3; }',
      '[...g22(), (await h22().next()).value]',
    ],
    '[ 1, 2, 3 ]',
  ],
  [
    'overloads',
    [
      'function o23(x: string): string;\nfunction o23(x: number): number;\nfunction o23(x: any) { return x; }',
      'o23(3)',
    ],
    '3',
  ],
  [
    'a label and a switch',
    [
      "out: for (const i of [1, 2]) { for (;;) { switch (i) { case 1: continue out; default: break out; } } }\n'done'",
    ],
    'done',
  ],
])('%s: later cells see them as they stand', async (_, cells, expected) => {
  expect(await last(...cells)).toBe(expected);
});

test.each([
  ["await (await fetch('data:,hi')).text()", 'hi'],
  ['await (async () => 1)()', '1'],
  ['const all = await [1, 2]; all', '[ 1, 2 ]'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a cell's template.
  ['await `t${await 1}`', 't1'],
  ['(await Promise.resolve({ a: [5] })).a[0]', '5'],
  ['let s = 0; for await (const x of [Promise.resolve(1), 2]) s += x; s', '3'],
  ['if (await true) { var inside = await 7; } inside', '7'],
  ['const { x, y = await 2 } = await { x: 1 } as { x: number; y?: number }; [x, y]', '[ 1, 2 ]'],
  [
    'const late = async () => { const f = async () => await 3; return (await f()) + 1; }; await late()',
    '4',
  ],
  ['class W { static v = 1; } await new W().constructor.name', 'W'],
  [
    "try { await Promise.reject(new Error('r')) } catch { var caught = true } finally { await null } caught",
    'true',
  ],
  ['while (await false); await new Promise<string>((r) => setTimeout(r, 1, "timer"))', 'timer'],
])('await stands anywhere: %s', async (code, expected) => {
  expect(await kernel.value(code)).toBe(expected);
});

test('what a failed cell has declared stands, and may be declared again', async () => {
  await kernel.execute(
    "let begun = 1;\nlet failing = ((): number => { throw new Error('no'); })();",
  );
  expect(await kernel.value('let failing = 2;\nbegun + failing')).toBe('3');
});

test('what a cell declares is not seen by libraries, whatever its name', async () => {
  await kernel.execute(
    "const URL = 'https://a.b';\nimport process from 'node:process';\nimport { setTimeout } from 'node:timers/promises';",
  );
  await kernel.execute(
    'let window = 20, document = 1, Buffer = 2;\nfunction fetch() { return 3; }\nclass Event {}',
  );
  expect(
    await kernel.value('await setTimeout(1);\n[URL, window, Buffer, fetch(), { URL, window }]'),
  ).toBe("[ 'https://a.b', 20, 2, 3, { URL: 'https://a.b', window: 20 } ]");
  expect(
    await kernel.value(
      "const seen = new Function('return [typeof URL, typeof window, typeof Buffer, fetch.length > 0, typeof setTimeout(() => {}, 1)]');\nseen()",
    ),
  ).toBe("[ 'function', 'undefined', 'function', true, 'object' ]");
  expect(await kernel.value('const { URL: again = 1 } = { URL }; again')).toBe('https://a.b');
});

test('types go from cell to cell as they were inferred', async () => {
  await kernel.execute(
    'class Secret { #key = 1; private constructor(readonly name: string) {} static of(name: string) { return new Secret(name); } }\n' +
      "const made = Secret.of('n');\nconst pairs = new Map([['a', { made }]]);\nlet later: number;",
  );
  expect(await kernel.value("pairs.get('a')!.made.name")).toBe('n');
  const wrong = failure(await kernel.execute("const s: string = pairs.get('a')!.made;"));
  expect(wrong.evalue).toBe("line 1: Type 'Secret' is not assignable to type 'string'.");
  expect(await kernel.value('later = 3;\nlater.toFixed(1)')).toBe('3.0');
  expect(failure(await kernel.execute('made = 1;')).evalue).toBe(
    "line 1: Cannot assign to 'made' because it is a constant.",
  );
});

test('only an expression at the end is shown', async () => {
  expect(await kernel.value('5; const nothing = 1;')).toBe(undefined);
  expect(await kernel.value('for (const x of [1, 2]) x;')).toBe(undefined);
  expect(await kernel.value('6;;')).toBe('6');
  expect(await kernel.value("'use strict'")).toBe('use strict');
  expect(await kernel.value('-0')).toBe('-0');
  expect(await kernel.value('10n ** 20n')).toBe('100000000000000000000n');
  expect(await kernel.value("Symbol('s')")).toBe('Symbol(s)');
  expect(await kernel.value('Promise.resolve(1)')).toBe('Promise { 1 }');
  expect(await kernel.value('NaN')).toBe('NaN');
});

test.each([
  ['[3, 1, 2].toSorted()', '[ 1, 2, 3 ]'],
  ['Object.keys({ a: 1 } satisfies Record<string, number>)', "[ 'a' ]"],
  ['[1, 2, 3].findLast((x) => x < 3)', '2'],
  ["'a\\ud800'.isWellFormed()", 'false'],
  ['/[\\p{L}--[a-z]]/v.test("A")', 'true'],
  [
    "const t = ['a', 'b'] as const; const first = <const T extends readonly string[]>(x: T): T[0] => x[0]!; first(t)",
    'a',
  ],
])('the current language and library: %s', async (code, expected) => {
  expect(await kernel.value(code)).toBe(expected);
});

test('what cells can not have says so in one line, with what to use', async () => {
  const jsx = failure(await kernel.execute('const h = (t: string) => t;\n<b>hi</b>'));
  expect(jsx.evalue).toBe(
    "line 2: JSX is not supported in cells: call the function that makes the element, as in createElement('b', null, 'text').",
  );
  const meta = failure(await kernel.execute('import.meta.url'));
  expect(meta.evalue).toBe(
    "line 1: a cell has no import.meta: process.cwd() is the notebook's folder, require.resolve('./x') a file's path.",
  );
  expect(meta.traceback).toContain('1 | import.meta.url\n    ^');
});

test('the errors within an error are shown, and what caused them', async () => {
  const { evalue, traceback } = failure(
    await kernel.execute(
      "await Promise.any([Promise.reject(new Error('first reason')), Promise.reject(new TypeError('second', { cause: new Error('root') }))])",
    ),
  );
  expect(evalue).toBe('All promises were rejected');
  expect(traceback).toMatch(
    /- Error: first reason\n- TypeError: second\n {2}Caused by: Error: root$/,
  );
});
