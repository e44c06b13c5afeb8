import { Driver, failure, text } from './driver';

// A machine that is busy with other things answers late.
jest.setTimeout(240_000);

let kernel: Driver;
beforeAll(async () => {
  kernel = await Driver.start();
  await kernel.execute('const before = 42;');
}, 240_000);
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
])('an interrupt ends %s, and the kernel goes on with its variables', async (_, code) => {
  const result = await kernel.execute(code, { interruptAfter: 0.3 });
  expect(failure(result)).toMatchObject({ ename: 'Interrupted' });
  expect(result.replies.find(({ type }) => type === 'execute_reply')?.content.status).toBe('error');
  await expectSound();
});

test('a loop that heeds the signal stops by itself, and its finally block runs', async () => {
  const result = await kernel.execute(
    `${wait}const { signal } = (globalThis as any)[Symbol.for('tandem.kernel')];
    try {
      for (let batch = 0; ; batch++) {
        signal.throwIfAborted();
        await wait(100);
      }
    } finally {
      console.log('cleaned up');
    }`,
    { interruptAfter: 0.3 },
  );
  expect(failure(result).ename).toBe('Interrupted');
  expect(text(result, 'stdout')).toBe('cleaned up\n');
  const signal = "(globalThis as any)[Symbol.for('tandem.kernel')].signal.aborted";
  expect(await kernel.value(signal)).toBe('false');
});

test('a loop that awaits does not go on behind the interrupted cell', async () => {
  await kernel.execute(`let ticks = 0;\n${wait}for (;;) { await wait(5); ticks++; }`, {
    interruptAfter: 0.3,
  });
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
  const result = await kernel.execute(code, { signalAfter: 0.3 });
  expect(failure(result).ename).toBe('Interrupted');
  await expectSound();
});

test('a loop runs its finally block when it is interrupted', async () => {
  const code = `${wait}await wait(10);\ntry { for (;;); } finally { console.log('cleaned up'); }`;
  const result = await kernel.execute(code, { interruptAfter: 0.3 });
  expect(failure(result).ename).toBe('Interrupted');
  expect(text(result, 'stdout')).toBe('cleaned up\n');
  expect(await kernel.value('let turns = 0; for (const i of [1, 2, 3]) turns += i; turns')).toBe(
    '6',
  );
});

test('code that nothing else can stop is cut off, with its process if need be', async () => {
  await kernel.execute("import 'tandem/torch';");
  const code = `${wait}await wait(10);\nnew Function('for (;;);')();`;
  const result = await kernel.execute(code, { interruptAfter: 0.3 });
  expect(failure(result)).toMatchObject({
    ename: 'Interrupted',
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
  const { replies } = await kernel.step({ queue: ['for (;;);', '1'], interruptAfter: 0.3 });
  expect(replies.map(({ content }) => content.status)).toEqual(['error', 'aborted']);
});

test.each([
  ['fitPyTorch', 'pytorchRecipe'],
  ['fitTensorFlow', 'tensorflowRecipe'],
])(
  '%s stops between two batches, with its progress shown until then, and trains anew',
  async (fit, recipe) => {
    await kernel.execute(
      `import { loadMnist } from 'tandem/data';
    import { train } from 'tandem/notebook';
    import { ${fit}, ${recipe}, withProfile } from 'tandem/training';
    const mnist = await loadMnist();`,
    );
    const start = (profile: string) =>
      `const { history } = await train((options) => ${fit}(withProfile(${recipe}, '${profile}'), mnist, options));`;
    const result = await kernel.execute(start('full'), {
      interruptAt: 'update_display_data',
      timeout: 120,
    });
    expect(failure(result).ename).toBe('Interrupted');
    const again = await kernel.execute(start('smoke'), { timeout: 120 });
    expect(again.replies[0]?.content.status).toBe('ok');
    expect(Number(await kernel.value('history.loss.length'))).toBeGreaterThan(0);
  },
  150_000,
);
