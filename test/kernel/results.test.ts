import { contents, Driver } from './driver';

let kernel: Driver;
beforeAll(async () => {
  kernel = await Driver.start();
  await kernel.execute(
    "import * as torch from 'tandem/torch';\nimport { tf } from 'tandem/tensorflow';\n" +
      "import { DataFrame, Series } from 'danfojs-node';\nconst { nn } = torch;",
  );
});
afterAll(() => kernel.stop());

/** The bundle of a cell's result. */
const shown = async (code: string): Promise<Record<string, string>> =>
  contents(await kernel.execute(code), 'execute_result')[0]?.data;

test('a PyTorch tensor is shown as PyTorch prints it, with shape and dtype', async () => {
  const bundle = await shown('torch.tensor([[1, 2.5], [3, -4]])');
  const text = 'tensor([[ 1.0000,  2.5000],\n        [ 3.0000, -4.0000]])';
  expect(bundle['text/plain']).toBe(text);
  expect(bundle['text/html']).toBe(
    `<div><small>torch.Tensor · [2, 2] · float32</small></div><pre style="margin:0.4em 0">${text}</pre>`,
  );
  expect((await shown('torch.ones([2], { requiresGrad: true })'))['text/html']).toContain(
    '[2] · float32 · requiresGrad',
  );
});

/** The PNG images in HTML, as base64. */
const images = (html: string): string[] =>
  [...html.matchAll(/src="data:image\/png;base64,([^"]+)"/g)].map((match) => match[1]!);

test('small images are shown as images, first channels in PyTorch, last ones in TensorFlow', async () => {
  const torch = (await shown('torch.arange(128).reshape([2, 1, 8, 8]).div(127)'))['text/html']!;
  expect(images(torch)).toHaveLength(2);
  expect(torch).toContain('black is 0, white is 1');
  const tensorflow = (await shown('tf.range(0, 128).reshape([2, 8, 8, 1]).div(127)'))['text/html']!;
  expect(images(tensorflow)).toEqual(images(torch));
  const bytes = (await shown("torch.arange(64).reshape([8, 8]).to('uint8')"))['text/html']!;
  expect(images(bytes)).toHaveLength(1);
  expect(bytes).toContain('white is 255');
  const matrix = (await shown('torch.zeros([8, 8])'))['text/html']!;
  expect(matrix).toMatch(/<pre[^>]*>tensor\(/);
  const many = (await shown('torch.zeros([40, 3, 8, 8])'))['text/html']!;
  expect(images(many)).toHaveLength(16);
  expect(many).toContain('the first 16 of 40');
});

test('a TensorFlow tensor is shown as TensorFlow prints it; a disposed one is told', async () => {
  const bundle = await shown('tf.tensor([[1, 2], [3, 4]])');
  expect(bundle['text/plain']).toBe('Tensor\n    [[1, 2],\n     [3, 4]]\n[2, 2] float32');
  expect(bundle['text/html']).toMatch(/^<div><small>tf\.Tensor · \[2, 2\] · float32<\/small>/);
  const disposed = await shown('const gone = tf.zeros([3]); gone.dispose(); gone');
  expect(disposed).toEqual({ 'text/plain': 'tf.Tensor [3] float32 (disposed)' });
});

test('a PyTorch module is shown with its layers, their outputs and parameters', async () => {
  const bundle = await shown(`
    const net = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.ReLU(), new nn.Linear(5, 1000));
    net.parameters()[0]!.requiresGrad = false;
    net`);
  expect(bundle['text/plain']).toMatch(/^Sequential\(\n {2}\(0\): Conv2d\(1, 2, /);
  expect(bundle['text/plain']).toMatch(/\n6,002 trainable parameters, 18 others$/);
  const html = bundle['text/html']!;
  expect(html).toContain('Sequential: 6,002 trainable parameters, 18 others');
  expect(html).toContain('>[N, 2, H′, W′]</td><td class="number" style="text-align:right">20<');
  expect(html).toContain('>[*, 1000]</td><td class="number" style="text-align:right">6,000<');
});

test('a Keras model is shown with its layers, output shapes and parameters, and its fit by epoch', async () => {
  const bundle = await shown(`
    const model = tf.sequential({ layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 1], name: 'first' }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ units: 10, name: 'last', trainable: false }),
    ] });
    model`);
  expect(bundle['text/plain']).toContain('20 trainable parameters, 730 others');
  expect(bundle['text/plain']).toMatch(/\nfirst +Conv2D +\[N, 6, 6, 2\] +20\n/);
  expect(bundle['text/html']).toMatch(
    /<td [^>]*left">flat<\/td><td [^>]*left">Flatten<\/td><td [^>]*left">\[N, 72\]<\/td>/,
  );
  const history = await shown(`
    model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
    await model.fit(tf.zeros([4, 8, 8, 1]), tf.zeros([4, 10]), { epochs: 2, verbose: 0 })`);
  expect(history['text/plain']).toMatch(/^epoch +loss\n.*\n1 +0\.0000\n2 +0\.0000$/);
});

test('a history is shown as its loss curves, with a line an epoch beside', async () => {
  const bundle = await shown(`
    import { readFullRun } from 'tandem/training';
    readFullRun()!.histories.pytorch`);
  const figure = bundle['application/vnd.plotly.v1+json'] as never as { data: unknown[] };
  expect(figure.data.length).toBeGreaterThan(0);
  expect(bundle['text/plain']).toMatch(/^PyTorch, seed \d+\nepoch +loss +accuracy +val\. loss/);
  expect(bundle['text/html']).toMatch(/<th [^>]*>val\. accuracy<\/th>/);
});

test('a data frame is shown as a table with its texts escaped, a long one by its ends', async () => {
  const frame = await shown("new DataFrame({ name: ['<i>', 'b'], count: [1, 2] })");
  // Rows that are merely numbered have no heads.
  expect(frame['text/html']).toContain(
    '<tr><td style="text-align:left">&lt;i&gt;</td>' +
      '<td class="number" style="text-align:right">1</td></tr>',
  );
  expect(frame['text/plain']).toContain('│ <i>');
  const long = await shown('new DataFrame({ n: Array.from({ length: 100 }, (_, i) => i) })');
  expect(long['text/html']!.match(/<tr>/g)).toHaveLength(12);
  expect(long['text/html']).toContain('100 rows × 1 columns');
  expect((await shown('new Series([4, 5])'))['text/html']).toContain(
    '<th style="text-align:left">1</th><td class="number" style="text-align:right">5</td>',
  );
});

test('a Plotly figure is shown as Plotly draws it', async () => {
  const bundle = await shown("({ data: [{ y: [1, 2] }], layout: {}, summary: 'It rises.' })");
  expect(bundle).toEqual({
    'application/vnd.plotly.v1+json': { data: [{ y: [1, 2] }], layout: {}, config: {} },
    'image/svg+xml': expect.stringMatching(/^<svg .*aria-label="It rises\."/),
    'text/plain': 'It rises.',
  });
});
