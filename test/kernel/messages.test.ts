import { contents, Driver, failure, text } from './driver';

let kernel: Driver;
beforeAll(async () => {
  kernel = await Driver.start();
});
afterAll(() => kernel.stop());

test('a cell is answered by all messages of the protocol, in order, under its own header', async () => {
  const { ids, output, replies } = await kernel.execute("console.log('hello');\n6 * 7");
  expect(output.map(({ type }) => type)).toEqual([
    ...['status', 'execute_input', 'stream', 'execute_result', 'status'],
  ]);
  expect(output.at(0)?.content).toEqual({ execution_state: 'busy' });
  expect(output.at(1)?.content.code).toBe("console.log('hello');\n6 * 7");
  expect(output.at(2)?.content).toEqual({ name: 'stdout', text: 'hello\n' });
  expect(output.at(3)?.content.data).toEqual({ 'text/plain': '42' });
  expect(output.at(-1)?.content).toEqual({ execution_state: 'idle' });
  expect(replies[0]).toMatchObject({ type: 'execute_reply', parent: ids[0] });
  expect(replies[0]?.content).toMatchObject({ status: 'ok', user_expressions: {} });
  const all = [...output, ...replies];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(new Set(all.map(({ session }) => session)).size).toBe(1);
  expect(all.every(({ parent }) => parent === ids[0])).toBe(true);
});

test('cells share variables, functions, types and imports', async () => {
  await kernel.execute(
    "import { join } from 'node:path';\ninterface Point { x: number }\nconst origin: Point = { x: 1 };\n" +
      'const shift = (p: Point) => ({ x: p.x + 1 });',
  );
  expect(await kernel.value("join('a', String(shift(origin).x))")).toBe('a/2');
  await kernel.execute('let count = 1;');
  await kernel.execute('count += 1;');
  expect(await kernel.value('count')).toBe('2');
  expect(failure(await kernel.execute('shift({ y: 1 })')).ename).toBe('TypeScriptError');
});

test('the modules of the project and both frameworks are imported with their types', async () => {
  const imports = await kernel.execute(
    "import * as tf from '@tensorflow/tfjs-node';\nimport * as torch from 'tandem/torch';\n" +
      "import { loadMnist } from 'tandem/data';\nimport { projectRoot } from './src/files/paths';",
  );
  expect(imports.replies[0]?.content.status).toBe('ok');
  expect(text(imports, 'stderr')).toBe('');
  expect(
    await kernel.value('tf.tensor([1, 2]).sum().dataSync()[0]! + torch.ones([2]).sum().item()'),
  ).toBe('5');
  // What tfjs-node still calls, Node 22 warns of and Node 23 has no more.
  const legacy = await kernel.execute(
    "tf.node.encodePng(tf.ones<any>([1, 1, 3], 'int32'));\ntf.oneHot([0, 1], 2).toFloat().dataSync()[0]",
  );
  expect(legacy.output.map(({ type }) => type)).not.toContain('stream');
  expect(await kernel.value('projectRoot === process.cwd()')).toBe('true');
  expect(failure(await kernel.execute('loadMnist(3);')).evalue).toMatch(/^line 1: /);
});

test('a result is shown by its own display method, with its text beside it', async () => {
  const result = await kernel.execute(
    "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>b</b>', 'text/plain': 'b' }) })",
  );
  expect(contents(result, 'execute_result')[0].data).toEqual({
    'text/html': '<b>b</b>',
    'text/plain': 'b',
  });
  expect(contents(await kernel.execute('undefined'), 'execute_result')).toEqual([]);
  const broken = await kernel.execute(
    "({ [Symbol.for('Jupyter.display')]() { throw new Error('no') } })",
  );
  expect(failure(broken)).toMatchObject({ ename: 'Error', evalue: 'no' });
});

test('a display is a bundle of several mime types and is updated in place', async () => {
  const result = await kernel.execute(`
    const { display, clearOutput } = (globalThis as any)[Symbol.for('tandem.kernel')];
    const show = (text: string, update: boolean) => display(
      { data: { 'text/plain': text, 'text/html': '<i>' + text + '</i>' }, metadata: {}, transient: { display_id: 'd1' } },
      update);
    show('one', false);
    show('two', true);
    clearOutput(true);`);
  const [shown] = contents(result, 'display_data');
  const [updated] = contents(result, 'update_display_data');
  expect(shown.data).toEqual({ 'text/plain': 'one', 'text/html': '<i>one</i>' });
  expect(updated.data['text/plain']).toBe('two');
  expect(shown.transient).toEqual({ display_id: 'd1' });
  expect(updated.transient).toEqual({ display_id: 'd1' });
  expect(contents(result, 'clear_output')).toEqual([{ wait: true }]);
  const own = await kernel.execute(
    "import { display as show2 } from 'tslab';\nshow2.html('<p>p</p>');",
  );
  expect(contents(own, 'display_data')[0].data).toEqual({ 'text/html': '<p>p</p>' });
  const replaced = await kernel.execute(
    "import { newDisplay } from 'tslab'; const place = newDisplay(); place.text('a'); place.text('b');",
  );
  expect(contents(replaced, 'display_data')[0].data).toEqual({ 'text/plain': 'a' });
  expect(contents(replaced, 'update_display_data')[0].data).toEqual({ 'text/plain': 'b' });
});

test('streams keep their order and come while a cell blocks the event loop', async () => {
  const result = await kernel.beside(
    `console.log('out');
    console.error('err');
    process.stdout.write(Buffer.from([0xe2, 0x82]));
    process.stdout.write(Buffer.from([0xac]));
    while (!answered());`,
    { request: 'kernel_info_request' },
  );
  expect(contents(result, 'stream')).toEqual([
    ...[
      { name: 'stdout', text: 'out\n' },
      { name: 'stderr', text: 'err\n' },
      { name: 'stdout', text: '€' },
    ],
  ]);
  expect(result.replies.map(({ type }) => type)).toEqual(['kernel_info_reply', 'execute_reply']);
  const many = await kernel.execute('for (let i = 0; i < 5000; i++) console.log(i);');
  expect(text(many, 'stdout').split('\n')).toHaveLength(5001);
  expect(contents(many, 'stream').length).toBeLessThan(500);
});

test('console.clear clears the output, and carriage returns arrive as they were written', async () => {
  const result = await kernel.execute(
    "console.log('before');\nconsole.clear();\nprocess.stdout.write('\\r 10%\\r 50%\\r100%\\n');",
  );
  expect(contents(result, 'clear_output')).toEqual([{ wait: false }]);
  expect(result.output.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['stream', 'clear_output', 'stream']),
  );
  expect(contents(result, 'stream').at(-1).text).toBe('\r 10%\r 50%\r100%\n');
});

test('a lone surrogate arrives as the replacement character', async () => {
  const result = await kernel.execute("console.log('\\ud800 \\ud83d\\ude00', '\\\\ud800');");
  expect(text(result, 'stdout')).toBe('\ufffd \ud83d\ude00 \\ud800\n');
});

test('what a cell prints after its end belongs to it', async () => {
  const { ids, heard } = await kernel.behind("console.log('late');");
  expect(heard.output).toMatchObject([
    { type: 'stream', parent: ids[0], content: { text: 'late\n' } },
  ]);
});

test('a silent cell shows nothing and does not count', async () => {
  const before = (await kernel.execute('0')).replies[0]!.content.execution_count;
  const { output, replies } = await kernel.execute("console.log('shh'); 5", { silent: true });
  expect(output.map(({ type }) => type)).toEqual(['status', 'status']);
  expect(replies[0]?.content).toMatchObject({ status: 'ok', execution_count: before });
  const unstored = await kernel.execute('7', { store_history: false });
  expect(contents(unstored, 'execute_result')[0]).toMatchObject({ execution_count: before });
});

test('user_expressions are evaluated after the cell', async () => {
  const { replies } = await kernel.execute('const side = 3;', {
    user_expressions: { area: 'side ** 2', wrong: 'nothing.here' },
  });
  expect(replies[0]?.content.user_expressions.area).toMatchObject({
    status: 'ok',
    data: { 'text/plain': '9' },
  });
  expect(replies[0]?.content.user_expressions.wrong).toMatchObject({ ename: 'TypeScriptError' });
});

test('kernel_info gives true versions', async () => {
  const { type, content } = await kernel.request('kernel_info_request');
  expect(type).toBe('kernel_info_reply');
  expect(content).toMatchObject({
    status: 'ok',
    implementation: 'tandem',
    implementation_version: require('../../package.json').version,
    language_info: {
      name: 'typescript',
      version: require('typescript-6').version,
      file_extension: '.ts',
      pygments_lexer: 'typescript',
    },
  });
  const { version } = (await kernel.step({ execute: '1' })).replies[0]!;
  expect(content.protocol_version).toBe(version);
});

test('is_complete tells whether a cell goes on', async () => {
  const status = async (code: string) =>
    (await kernel.request('is_complete_request', { code })).content;
  expect(await status('const a = 1;')).toEqual({ status: 'complete' });
  expect(await status('function f() {')).toEqual({ status: 'incomplete', indent: '  ' });
  expect(await status('const = 2;')).toEqual({ status: 'invalid' });
});

test('complete finds members with their kinds and counts characters as Jupyter does', async () => {
  const code = "const smile = '😀'; smile.toUpp";
  const { content } = await kernel.request('complete_request', {
    code,
    cursor_pos: [...code].length,
  });
  const end = [...code].length;
  expect(content).toMatchObject({ status: 'ok', cursor_start: end - 5, cursor_end: end });
  expect(content.matches[0]).toBe('toUpperCase');
  expect(content.metadata._jupyter_types_experimental[0]).toMatchObject({
    text: 'toUpperCase',
    type: 'method',
    start: end - 5,
    end,
  });
  await kernel.execute("const model = { layers: 2, loss: 'mse' };");
  const members = await kernel.request('complete_request', { code: 'model.', cursor_pos: 6 });
  expect(members.content.matches).toEqual(['layers', 'loss']);
});

test('inspect gives types and documentation, as text and as Markdown', async () => {
  await kernel.execute('/** Doubles a number. */\nfunction double(x: number) { return 2 * x; }');
  const { content } = await kernel.request('inspect_request', {
    code: '"😀"; Math.max(1)',
    cursor_pos: 12,
    detail_level: 0,
  });
  expect(content).toMatchObject({ status: 'ok', found: true });
  expect(content.data['text/plain']).toContain('max(...values: number[]): number');
  expect(content.data['text/markdown']).toMatch(/^```ts\n.*max[\s\S]*```\n\nReturns the larger/);
  const own = await kernel.request('inspect_request', {
    code: 'double',
    cursor_pos: 2,
    detail_level: 0,
  });
  expect(own.content.data['text/plain']).toContain('function double(x: number): number');
  const none = await kernel.request('inspect_request', {
    code: '   ',
    cursor_pos: 1,
    detail_level: 0,
  });
  expect(none.content).toEqual({ status: 'ok', found: false, data: {}, metadata: {} });
});

test.each([
  ['on a name', 'nn.Conv2d', 5],
  ['behind a name', 'nn.Conv2d', 9],
  ['behind the parenthesis of a call', 'new nn.Conv2d(', 14],
  ['in the options of a call', 'new nn.Conv2d(3, f(4), { stride: ', 33],
])('inspect %s gives the documentation of a module of the project', async (_, code, cursor_pos) => {
  await kernel.execute("import { nn } from 'tandem/torch';");
  const request = { code, cursor_pos, detail_level: 0 };
  const { content } = await kernel.request('inspect_request', request);
  expect(content.data['text/markdown']).toMatch(/Conv2d[\s\S]*```[\s\S]*2-d convolution/i);
});

test('history gives the last cells, a range of them, and those that match', async () => {
  await kernel.execute("'first'");
  const { execution_count: line } = (await kernel.execute("'last'")).replies[0]!.content;
  await kernel.execute("'first'");
  await kernel.execute("'unstored'", { store_history: false });
  const find = async (type: string, content: object) => {
    const request = { hist_access_type: type, output: false, raw: true, ...content };
    return (await kernel.request('history_request', request)).content.history;
  };
  const [session] = (await find('tail', { n: 1 }))[0];
  const entry = (at: number, code: unknown) => [session, at, code];
  expect(await find('tail', { n: 2 })).toEqual([entry(line, "'last'"), entry(line + 1, "'first'")]);
  expect(await find('range', { session: 0, start: line, stop: line + 1 })).toEqual([
    entry(line, "'last'"),
  ]);
  expect(await find('range', { session: 0, start: line, stop: line + 1, output: true })).toEqual([
    entry(line, ["'last'", 'last']),
  ]);
  expect(await find('search', { pattern: "'f?rst*" })).toHaveLength(2);
  expect(await find('search', { pattern: "'f?rst*", unique: true })).toEqual([
    entry(line + 1, "'first'"),
  ]);
  expect(await find('search', { pattern: 'nothing like it' })).toEqual([]);
});

test('comms are answered: there are none', async () => {
  const comms = await kernel.request('comm_info_request');
  expect(comms).toMatchObject({ type: 'comm_info_reply', content: { status: 'ok', comms: {} } });
  const comm = { comm_id: 'c1', target_name: 'widget', data: {} };
  const opened = await kernel.step({ request: 'comm_open', content: comm, noReply: true });
  expect(contents(opened, 'comm_close')).toEqual([{ comm_id: 'c1', data: {} }]);
});

test('a debugger is refused in its own protocol, and not offered', async () => {
  const content = { seq: 3, type: 'request', command: 'initialize', arguments: {} };
  const reply = await kernel.request('debug_request', content, 'control');
  expect(reply.type).toBe('debug_reply');
  expect(reply.content).toEqual({
    type: 'response',
    request_seq: 3,
    success: false,
    command: 'initialize',
    message: 'The Tandem kernel has no debugger.',
  });
  const info = (await kernel.request('kernel_info_request')).content;
  expect(info).toMatchObject({ debugger: false, supported_features: [] });
});

const untilAnswered = 'while (!answered()) await new Promise((r) => setTimeout(r, 10));';

test('control is answered while a cell runs, and the kernel stays busy', async () => {
  const { output, replies, ids, heartbeat } = await kernel.beside(
    `console.log('running'); ${untilAnswered}`,
    { request: 'kernel_info_request', channel: 'control' },
  );
  expect(replies.map(({ type }) => type)).toEqual(['kernel_info_reply', 'execute_reply']);
  expect(heartbeat).toBe(true);
  const states = output.filter(({ type }) => type === 'status');
  const last = states.findLastIndex(({ parent }) => parent === ids[1]);
  expect(states[last + 1]).toMatchObject({ parent: ids[0], content: { execution_state: 'busy' } });
});

test('completion is answered while a cell waits', async () => {
  const { replies } = await kernel.beside(`console.log('running'); ${untilAnswered}`, {
    request: 'complete_request',
    content: { code: 'Math.flo', cursor_pos: 8 },
  });
  expect(replies.map(({ type }) => type)).toEqual(['complete_reply', 'execute_reply']);
  expect(replies[0]?.content.matches).toEqual(['floor']);
});

test('the kernel answers while a cell blocks its process', async () => {
  const { replies, heartbeat } = await kernel.beside(
    "console.log('running'); while (!answered());",
    { request: 'kernel_info_request' },
  );
  expect(heartbeat).toBe(true);
  expect(replies.map(({ type }) => type)).toEqual(['kernel_info_reply', 'execute_reply']);
});

test('shutdown is answered and ends the process, which prints nothing', async () => {
  const other = await Driver.start();
  const { content } = await other.request('shutdown_request', { restart: true }, 'control');
  expect(content).toEqual({ status: 'ok', restart: true });
  expect(await other.stop()).toBe('');
  expect(() => process.kill(other.pid, 0)).toThrow('ESRCH');
});
