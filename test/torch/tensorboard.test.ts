/** torch.utils.tensorboard: what Python's SummaryWriter writes, read by TensorFlow. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as torch from 'tandem-torch';
import { inProject } from '../../src/files/paths';
import { askPython } from '../python';

const { SummaryWriter } = torch.utils.tensorboard;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-tensorboard-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const dtypes = [
  ...(['float32', 'float64', 'int32', 'uint8', 'int16', 'int8', 'int64', 'bool'] as const),
  ...(['float16', 'bfloat16', 'complex64', 'complex128'] as const),
];
const t = torch.tensor;

/** The same calls as in programs/tensorboard.py. */
function write(to: string) {
  torch.manualSeed(0);
  using w = new SummaryWriter(to, { purgeStep: 3 });
  const at = { walltime: 1000.5 };
  w.addScalar('a/loss', 0.25, 1, at);
  w.addScalar('zero', 0, 0, at);
  w.addScalar('t', t([[1.1]]), 2, at);
  w.addScalar('new', 1.1, 2, { ...at, newStyle: true });
  w.addScalar('double', 1.1, 2, { ...at, newStyle: true, doublePrecision: true });
  w.addScalars('run/x', { sin: 0.5, cos: t({ float: 2 }) }, 3, 1000.5);
  const x = torch.randn(1000);
  w.addHistogram('h', x, 4, at);
  w.addHistogram('h10', x, 4, { ...at, bins: 10 });
  w.addHistogram('most', x, 4, { ...at, maxBins: 30 });
  w.addHistogram('limits', [1, 2, 2, 3], 4, { ...at, bins: [0, 1, 2, 3] });
  w.addHistogram('one', t([-1.5, -1.5]), 4, { ...at, bins: 3 });
  w.addHistogramRaw('raw', 0, 3, 4, 5, 6, [1, 2, 3], [4, 5, 6], 4, 1000.5);
  const picture = torch.rand(3, 5, 7);
  w.addImage('rgb', picture, 5, at);
  w.addImage('grey', torch.rand(1, 4, 4), 5, at);
  w.addImage('plane', torch.rand(4, 6), 5, { ...at, dataformats: 'HW' });
  const bytes = picture.mul(300).clamp(0, 255).to('uint8').permute([1, 2, 0]);
  w.addImage('bytes', bytes, 5, { ...at, dataformats: 'HWC' });
  w.addImage('rgba', torch.rand(4, 3, 3), 5, at);
  w.addImages('grid', torch.rand(10, 1, 3, 4), 5, at);
  w.addText('text', '**hé**', 6, 1000.5);
  w.addAudio('sound', torch.rand(2000).mul(2).sub(1), 7, 8000, 1000.5);
  for (const name of dtypes) {
    const values = t([
      [0, 1],
      [2, 3],
    ]);
    w.addTensor(name, values.to(name), 8, 1000.5);
  }
  w.addPrCurve('pr', torch.randint(0, 2, [100]), torch.rand(100), 9, at);
  const twenty = { ...at, numThresholds: 20, weights: 2 };
  w.addPrCurve('pr20', torch.randint(0, 2, [100]), torch.rand(100), 9, twenty);
  const counts = [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ] as const;
  w.addPrCurveRaw('counted', ...counts, [0.5, 0.25], [0.1, 0.2], 9, 2, null, 1000.5);
  w.addCustomScalars({
    losses: { both: ['Multiline', ['a', 'b']], between: ['Margin', ['a', 'b', 'c']] },
  });
  w.addHparams(
    { lr: 0.1, bn: true, opt: 'adam', none: null, t: t([{ float: 2 }]) },
    { acc: 0.5, zero: 0 },
    { hparamDomainDiscrete: { opt: ['adam', 'sgd'] }, runName: 'hp', globalStep: 2 },
  );
  const metadata = ['a', 'b', 1, 2.5];
  w.addEmbedding(torch.rand(4, 3), metadata, torch.rand(4, 3, 2, 2), { globalStep: 1 });
  const table = [
    ['a', 1],
    ['b', 2],
  ];
  const plane = t([
    [1, 2],
    [3, 4],
  ]);
  w.addEmbedding(plane, { tag: 'x/y', metadata: table, metadataHeader: ['n', 'v'] });
}

test('TensorFlow reads from the files what Python’s SummaryWriter writes', () => {
  write(join(folder, 'ours'));
  const program = inProject('test/torch/programs/tensorboard.py');
  const answer = askPython([program, folder, dtypes.join()], { framework: 'tensorflow' });
  const { ours, theirs, differing, files } = JSON.parse(answer);
  expect(theirs).toEqual({ '.': 38, hp: 6, run_x_cos: 2, run_x_sin: 2 });
  expect(ours).toEqual(theirs);
  expect(differing).toEqual([]);
  expect(files[0]).toEqual(files[1]);
});

/** What a reader says to each file: how many events, or its error. */
const readers = (files: readonly string[]) =>
  askPython(
    [
      '-c',
      `
import sys, tensorflow as tf
for file in sys.argv[1:]:
    try: print(len(list(tf.compat.v1.train.summary_iterator(file))))
    except Exception as error: print(type(error).__name__)`,
      ...files,
    ],
    { framework: 'tensorflow' },
  )
    .trim()
    .split('\n');

test('events wait until there are many, flush, close; a changed byte is noticed by the reader', () => {
  const writer = new SummaryWriter(folder, { maxQueue: 3 });
  const file = join(folder, readdirSync(folder)[0]!);
  const size = () => readFileSync(file).length;
  const start = size();
  writer.addScalar('x', 1, 0);
  writer.addScalar('x', 2, 1);
  expect(size()).toBe(start);
  writer.addScalar('x', 3, 2);
  const three = size();
  expect(three).toBeGreaterThan(start);
  writer.addScalar('x', 4, 3);
  writer.flush();
  expect(size()).toBeGreaterThan(three);
  writer.close();
  const whole = readFileSync(file);
  const changed = Buffer.from(whole);
  changed[whole.length - 8]! ^= 1;
  const others = [whole, changed, whole.subarray(0, three)].map((content, i) => {
    const path = join(tmpdir(), `${basename(folder)}-${i}`);
    writeFileSync(path, content);
    return path;
  });
  expect(readers(others)).toEqual(['5', 'DataLossError', '4']);
  for (const path of others) rmSync(path);
  // As in Python, a writer that is closed starts another file.
  writer.addScalar('x', 5, 4);
  writer.close();
  expect(readdirSync(folder)).toHaveLength(2);
});

test('the default folder has time, host and comment; what can’t be written is refused in one line', () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    using writer = new SummaryWriter({ comment: '_mine' });
    expect(writer.getLogdir()).toMatch(/^runs\/[A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d_.+_mine$/);
    expect(() => writer.addScalar('x', torch.ones(2))).toThrow('Tensor should contain one element');
    expect(() => writer.addHistogram('x', [])).toThrow('The input has no element.');
    expect(() => writer.addHistogram('x', [1], 0, 'auto' as never)).toThrow('ways to choose bins');
    expect(() => writer.addImage('x', torch.ones(2, 2))).toThrow('input format are different');
    expect(() => writer.addHparams({ a: [1] as never }, {})).toThrow('value should be one of int');
    expect(() => writer.addEmbedding(torch.ones(2, 2), ['a'])).toThrow('#labels should equal');
    expect(() => writer.addTensor('x', torch.ones(2).to('float8_e5m2'))).toThrow('unsupported');
    expect(() => writer.addGraph()).toThrow('is not supported');
    expect(() => writer.addScalar('x', 1, { step: 2 } as never)).toThrow('unexpected keyword');
  } finally {
    process.chdir(before);
  }
});
