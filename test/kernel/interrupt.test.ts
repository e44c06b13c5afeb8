import { Driver, failure, text } from './driver';

let kernel: Driver;
beforeAll(async () => {
  kernel = await Driver.start();
  await kernel.execute('const before = 42;');
});
afterAll(() => kernel.stop());

/** The variables are there, and the event loop turns. */
async function expectSound(): Promise<void> {
  expect(await kernel.value('await new Promise((r) => setTimeout(() => r(before), 10))')).toBe(
    '42',
  );
}

const wait = 'const wait = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));\n';

test.each([
  ['a loop', 'for (;;);'],
  ['a loop after an await', `${wait}await wait(10);\nfor (;;);`],
  ['a loop in a timer', 'setTimeout(() => { for (;;); }, 10);\nawait new Promise(() => {});'],
  ['a loop of awaits that never leaves a turn', 'for (;;) await null;'],
  ['a loop of awaits', `${wait}for (;;) await wait(5);`],
  ['a promise that nobody resolves', 'await new Promise(() => {});'],
  ['a loop within finally', 'try { 1 } finally { while (true); }'],
  ['a loop of another kind', `${wait}await wait(10);\nlet n = 0;\ndo n++; while (n >= 0);`],
  ['a loop that is not compiled with the cell', "new Function('for (;;);')();"],
  ['a loop that catches all', `${wait}for (;;) { try { await wait(5); } catch {} }`],
])('an interrupt ends %s, and the kernel keeps its variables', async (_, code) => {
  const result = await kernel.interrupted(code);
  expect(failure(result)).toMatchObject({ ename: 'KeyboardInterrupt' });
  expect(result.replies.find(({ type }) => type === 'execute_reply')?.content.status).toBe('error');
  await expectSound();
});

test.each([
  ['a child process', "require('child_process').execSync('sleep 600'); 'slept'"],
  ['a child process of a shell', "require('child_process').execSync('sleep 600; sleep 600')"],
  ['a child process that ignores it', `require('child_process').execSync('trap "" INT; sleep 3')`],
  [
    'a child process behind an await',
    `${wait}await wait(1);\nrequire('child_process').spawnSync('sleep', ['600']);`,
  ],
  [
    'a child process that is awaited',
    "await require('util').promisify(require('child_process').exec)('sleep 600')",
  ],
  ['a native wait', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); 1'],
  ['a native call of some seconds', "require('crypto').pbkdf2Sync('a', 'b', 2e6, 64, 'sha512'); 1"],
  [
    'a for await',
    'for await (const x of (async function* () { yield 1; await new Promise(() => {}); })()) x;',
  ],
  ['a function of an earlier cell', 'forever();'],
  ['a question', "await prompt('Name?')"],
  ['a loop over one operator', 'for (;;) x.mul(1.0001);'],
])('an interrupt ends %s', async (_, code) => {
  await kernel.execute(
    "import * as torch from 'tandem/torch';\nconst x = torch.ones([100]);\nfunction forever() { for (;;); }",
  );
  const result = await kernel.interrupted(code, { answers: [] });
  expect(failure(result).ename).toBe('KeyboardInterrupt');
  expect(text(result, 'stderr')).toBe('');
  await expectSound();
});

test('an interrupt ends the child processes of its cell, not those of earlier ones', async () => {
  await kernel.execute(
    "const { spawn } = require('child_process');\nconst server = spawn('sleep', ['600']);",
  );
  const result = await kernel.interrupted(
    "const child = spawn('sleep', ['600']);\nawait new Promise((r) => child.on('exit', () => setTimeout(r, 600_000)));",
  );
  expect(failure(result).ename).toBe('KeyboardInterrupt');
  expect(await kernel.value('[server.signalCode, child.signalCode]')).toBe("[ null, 'SIGINT' ]");
  await kernel.execute("server.kill('SIGKILL');");
});

test('two interrupts in a row end one cell, and no variable is lost', async () => {
  const native = "require('crypto').pbkdf2Sync('a', 'b', 2e6, 64, 'sha512'); 1";
  const result = await kernel.interrupted(native, { signalAfter: 0.3 });
  expect(failure(result).ename).toBe('KeyboardInterrupt');
  await expectSound();
});

test('an interrupt at the end of a cell leaves the kernel usable', async () => {
  for (const milliseconds of [280, 295, 300, 305, 320]) {
    await kernel.interrupted(`${wait}await wait(${milliseconds});`);
    await expectSound();
  }
});

test('a loop that checks the signal stops by itself, and its finally block runs', async () => {
  const result = await kernel.interrupted(
    `${wait}const { signal } = (globalThis as any)[Symbol.for('tandem.kernel')];
    try {
      for (let batch = 0; ; batch++) {
        signal.throwIfAborted();
        await wait(100);
      }
    } finally {
      console.log('cleaned up');
    }`,
  );
  expect(failure(result).ename).toBe('KeyboardInterrupt');
  expect(text(result, 'stdout')).toBe('begun\ncleaned up\n');
  const signal = "(globalThis as any)[Symbol.for('tandem.kernel')].signal.aborted";
  expect(await kernel.value(signal)).toBe('false');
});

test('an awaiting loop does not continue after its cell was interrupted', async () => {
  await kernel.execute(
    `let ticks = 0;\n${wait}for (;;) { await wait(5); if (++ticks === 1) console.log('begun'); }`,
    { interruptAfter: 0.3 },
  );
  const then = await kernel.value('ticks');
  await kernel.execute(`${wait}await wait(100);`);
  expect(Number(then)).toBeGreaterThan(0);
  expect(await kernel.value('ticks')).toBe(then);
});

test.each([
  ['a loop', 'for (;;);'],
  ['a pending await', 'await new Promise(() => {});'],
  ['a loop after an await', `${wait}await wait(10);\nfor (;;);`],
])('SIGINT ends %s too', async (_, code) => {
  const result = await kernel.execute(`console.log('begun');\n${code}`, { signalAfter: 0.3 });
  expect(failure(result).ename).toBe('KeyboardInterrupt');
  await expectSound();
});

test('a loop runs its finally block when it is interrupted', async () => {
  const code = `${wait}await wait(10);\ntry { console.log('begun'); for (;;); } finally { console.log('cleaned up'); }`;
  const result = await kernel.execute(code, { interruptAfter: 0.3 });
  expect(failure(result).ename).toBe('KeyboardInterrupt');
  expect(text(result, 'stdout')).toBe('begun\ncleaned up\n');
  expect(await kernel.value('let turns = 0; for (const i of [1, 2, 3]) turns += i; turns')).toBe(
    '6',
  );
});

test('code that can’t be stopped otherwise is terminated, with its process if necessary', async () => {
  await kernel.execute("import 'tandem/torch';");
  const code = `${wait}await wait(10);\nnew Function('for (;;);')();`;
  const result = await kernel.interrupted(code);
  expect(failure(result)).toMatchObject({
    ename: 'KeyboardInterrupt',
    evalue: expect.stringMatching(/its variables are (kept|lost)/),
  });
  expect(await kernel.value('1 + 1')).toBe('2');
  await kernel.execute('const before = 42;');
});

test('an interrupt of an idle kernel does nothing', async () => {
  expect((await kernel.request('interrupt_request', {}, 'control')).content).toEqual({
    status: 'ok',
  });
  await expectSound();
});

test('an interrupted cell aborts those behind it', async () => {
  const { replies } = await kernel.step({
    queue: ["console.log('begun'); for (;;);", '1'],
    interruptAfter: 0.3,
  });
  expect(replies.map(({ content }) => content.status)).toEqual(['error', 'aborted']);
});

test.each([
  ['fitPyTorch', 'pytorchRecipe'],
  ['fitTensorFlow', 'tensorflowRecipe'],
])(
  '%s stops between two batches, with its progress shown until then, and trains again',
  async (fit, recipe) => {
    await kernel.execute(
      `import { loadMnist } from 'tandem/data';
    import { train } from 'tandem/notebook';
    import { ${fit}, ${recipe}, withProfile } from 'tandem/training';
    const mnist = await loadMnist();`,
    );
    const start = (profile: string) =>
      `const { history } = await train((options) => ${fit}(withProfile(${recipe}, '${profile}'), mnist, options));`;
    const result = await kernel.execute(start('full'), { interruptAt: 'update_display_data' });
    expect(failure(result).ename).toBe('KeyboardInterrupt');
    const again = await kernel.execute(start('smoke'));
    expect(again.replies[0]?.content.status).toBe('ok');
    expect(Number(await kernel.value('history.loss.length'))).toBeGreaterThan(0);
  },
);
