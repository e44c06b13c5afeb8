import { contents, Driver, failure, text } from './driver';

let kernel: Driver;
beforeAll(async () => {
  kernel = await Driver.start({ NODE_OPTIONS: '--max-old-space-size=300' });
});
afterAll(() => kernel.stop());

const lost = 'its variables are lost: run the notebook from the top';

test('an out-of-memory of V8 is reported as such, and the kernel continues', async () => {
  await kernel.execute('const kept = 1;');
  const result = await kernel.execute(
    'const all: number[][] = [];\nfor (;;) all.push(new Array(100_000).fill(1.5));',
  );
  const { ename, evalue } = failure(result);
  expect(ename).toBe('OutOfMemory');
  expect(evalue).toMatch(/^JavaScript's heap is full \((29|30|31)\d MB\); its variables are lost/);
  expect(result.replies[0]?.content).toMatchObject({ status: 'error', ename, evalue });
  // V8's own last words say no more.
  expect(text(result, 'stderr')).not.toContain('GCs');
  expect(failure(await kernel.execute('kept')).evalue).toBe("line 1: Cannot find name 'kept'.");
  expect(await kernel.value('1 + 1')).toBe('2');
});

test.each([
  ['SIGSEGV', 'native code read or wrote memory that is not its own (SIGSEGV)'],
  [
    'SIGKILL',
    'it was killed from outside, by a person or by the system because memory ran out (SIGKILL)',
  ],
])('a crash of native code by %s is reported as such', async (signal, evalue) => {
  const result = await kernel.execute(`process.kill(process.pid, '${signal}');`);
  expect(failure(result)).toMatchObject({ ename: 'KernelCrashed', evalue: `${evalue}; ${lost}` });
});

test('a crash report has the native code’s last output, and queued cells are aborted', async () => {
  const { replies, output } = await kernel.step({
    queue: [
      "import { writeSync } from 'node:fs';\nwriteSync(2, 'terminate called\\n  what(): no\\n');\nprocess.abort();",
      "console.log('never');",
    ],
  });
  expect(replies.map(({ content }) => content.status)).toEqual(['error', 'aborted']);
  const error = output.find(({ type }) => type === 'error')!;
  expect(error.content.evalue).toBe(`native code aborted (SIGABRT); ${lost}`);
  expect(error.content.traceback.slice(1, 3)).toEqual(['terminate called', '  what(): no']);
});

test('a cell that ends its own process gets an error that says so', async () => {
  expect(failure(await kernel.execute('process.exit(3);'))).toMatchObject({
    ename: 'ProcessExit',
    evalue: `the process ended itself with exit code 3; ${lost}`,
  });
});

test('a crash between two cells is reported below the last one', async () => {
  const { ids, output } = await kernel.execute('process.pid');
  const pid = output.find(({ type }) => type === 'execute_result')!.content.data['text/plain'];
  process.kill(Number(pid), 'SIGSEGV');
  const heard = await kernel.step({ listenFor: 'stream' });
  expect(text(heard, 'stderr')).toMatch(/^KernelCrashed: native code read or wrote memory/);
  expect(heard.output[0]?.parent).toBe(ids[0]);
  expect(await kernel.value('2 + 2')).toBe('4');
});

test('a process that ends quotes what its last cell wrote, not earlier ones', async () => {
  await kernel.execute(
    "require('child_process').execSync('echo old line >&2', { stdio: 'inherit' })",
  );
  const result = await kernel.execute(
    "require('child_process').execSync('echo new line >&2', { stdio: 'inherit' });\nprocess.exit(4);",
  );
  expect(failure(result).evalue).toMatch(/exit code 4/);
  expect(failure(result).traceback).toMatch(/\nnew line$/);
  expect(failure(result).traceback).not.toContain('old line');
});

test('output without an end of line is shown below its own cell, also when much came before it', async () => {
  const { output, ids } = await kernel.step({
    queue: [
      "require('child_process').execSync('seq 20000; printf \"loss 0.5\"', { stdio: 'inherit' }); 'one'",
      "'two'",
    ],
  });
  const printed = (id: string) =>
    output
      .filter(({ type, parent }) => type === 'stream' && parent === id)
      .map(({ content }) => content.text)
      .join('');
  expect(printed(ids[0]!)).toMatch(/^1\n2\n.*\n20000\nloss 0\.5$/s);
  expect(printed(ids[1]!)).toBe('');
});

test("a child's progress is shown while it works, with its carriage returns", async () => {
  const result = await kernel.beside(
    `const child = require('child_process').spawn('sh', ['-c', 'printf " 10%%"; read answered; printf "\\r 50%%\\r100%%\\n"'], { stdio: ['pipe', 'inherit', 'inherit'] });
    while (!answered()) await new Promise((r) => setTimeout(r, 10));
    child.stdin.end('answered\\n');
    await new Promise((r) => child.on('exit', r));`,
    { request: 'kernel_info_request' },
  );
  const [first, ...rest] = contents(result, 'stream').map((stream) => stream.text);
  expect([first, rest.join('')]).toEqual([' 10%', '\r 50%\r100%\n']);
});

test('what native code and child processes print is shown below the cell', async () => {
  const result = await kernel.execute(`
    import { spawnSync } from 'node:child_process';
    spawnSync('sh', ['-c', 'echo out; echo err >&2'], { stdio: 'inherit' });`);
  expect(contents(result, 'stream')).toEqual(
    expect.arrayContaining([
      { name: 'stdout', text: 'out\n' },
      { name: 'stderr', text: 'err\n' },
    ]),
  );
});
