import { Driver, failure } from './driver';

let kernel: Driver;
beforeAll(async () => {
  kernel = await Driver.start();
  await kernel.execute(
    "import * as torch from 'tandem/torch';\nimport { fitPyTorch, pytorchRecipe } from 'tandem/training';\n" +
      'const { nn, optim } = torch;\nconst x = torch.ones([2, 3]);',
  );
});
afterAll(() => kernel.stop());

test.each([
  ["new nn.Conv2d('3', 4, 3);", "'3'"],
  ['new nn.Conv2d(3, 4, 3, { strides: 2 });', 'strides'],
  ['new nn.Conv2d(3, 4);', '3, 4'],
  ['x.sum({ dimm: 1 });', 'dimm'],
  ["x.sum({ dim: 'rows' });", 'dim'],
  ["torch.zeros([2], { dtype: 'float33' });", 'dtype'],
  ['torch.cat(x, [0]);', 'x, [0]'],
  ['new optim.SGD([x], { learningRate: 0.1 });', 'learningRate'],
  ["x.add('1');", "'1'"],
  ['x.sumAll();', 'sumAll'],
  ['const rows: number = x.shape;', 'rows'],
  ['await fitPyTorch({ ...pytorchRecipe, epochs: "3" }, null!);', 'epochs'],
])('%s does not compile, and the caret stands below what is wrong', async (code, wrong) => {
  const { ename, traceback } = failure(await kernel.execute(code));
  expect(ename).toBe('TypeScriptError');
  const carets = /^ +\^+$/m.exec(traceback)?.[0];
  const column = code.indexOf(wrong);
  expect(carets!.indexOf('^')).toBe('1 | '.length + column);
});

test('what is right compiles', async () => {
  const result = await kernel.execute(
    "new nn.Conv2d(3, 4, 3, { stride: 2 });\nx.sum({ dim: 1 });\ntorch.zeros([2], { dtype: 'int64' });",
  );
  expect(result.replies[0]?.content.status).toBe('ok');
});
