import { Driver, failure } from './driver';

let kernel: Driver;
beforeAll(async () => {
  kernel = await Driver.start({}, { kernel: 'tandem-javascript' });
});
afterAll(() => kernel.stop());

test('a JavaScript notebook is JavaScript', async () => {
  expect(await kernel.value("let now = 5;\nnow += ' o clock';\nnow")).toBe('5 o clock');
  expect(await kernel.value('class Point { constructor(x) { this.x = x } }\nnew Point(3).x')).toBe(
    '3',
  );
  await kernel.execute(
    "const fs = require('fs'), { join } = require('path');\nvar undeclaredLater = 1;",
  );
  expect(await kernel.value("[fs.existsSync('/'), join('a', 'b')]")).toBe("[ true, 'a/b' ]");
  expect(await kernel.value('implicit = 3;\nimplicit + undeclaredLater')).toBe('4');
  expect(await kernel.value("import path, { sep } from 'node:path';\npath.sep === sep")).toBe(
    'true',
  );
  expect(
    await kernel.value(
      'function Old(a) { this.a = a; }\nOld.prototype.get = function () { return this.a; };\nnew Old(4).get()',
    ),
  ).toBe('4');
  expect(
    await kernel.value('function twice() { return 1 }\nfunction twice() { return 2 }\ntwice()'),
  ).toBe('2');
  const { language_info } = (await kernel.request('kernel_info_request')).content;
  expect(language_info).toMatchObject({ name: 'javascript', file_extension: '.js' });
});

test('its errors are those of JavaScript, at their lines', async () => {
  expect(failure(await kernel.execute('\nconst n: number = 1;')).evalue).toMatch(
    /^line 2: Type annotations/,
  );
  expect(failure(await kernel.execute('\nnothing.here;'))).toMatchObject({
    ename: 'ReferenceError',
    evalue: 'nothing is not defined',
  });
  expect(failure(await kernel.execute("\nimport { nowhere } from 'node:path';"))).toMatchObject({
    evalue: "'node:path' exports no 'nowhere'",
    traceback: expect.stringContaining("2 | import { nowhere } from 'node:path';"),
  });
  expect(failure(await kernel.execute('const fixed = 1;\nfixed = 2;')).evalue).toBe(
    "line 2: Cannot assign to 'fixed' because it is a constant.",
  );
});

test('its values complete', async () => {
  await kernel.execute('const model = { layers: 2, loss: 1 };');
  const { content } = await kernel.request('complete_request', { code: 'model.', cursor_pos: 6 });
  expect(content.matches).toEqual(expect.arrayContaining(['layers', 'loss']));
});
