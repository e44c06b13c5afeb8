import {
  batchLossCurve,
  classBars,
  confusionMatrix,
  drawing,
  type Figure,
  lossCurves,
  sampleGrid,
  sideBySide,
  trainingCurve,
} from '../../src/plots';
import { askPython } from '../python';
import { tiny } from '../training/tiny';
import { runOf } from './histories';

const [tensorflow, pytorch] = [runOf('tensorflow', 3), runOf('pytorch', 3)];
const { train, classes } = tiny();
const figures: Record<string, Figure> = {
  curves: lossCurves([tensorflow, pytorch]),
  panels: sideBySide('loss', tensorflow, pytorch),
  batches: batchLossCurve([tensorflow, pytorch]),
  training: trainingCurve(pytorch, { epochs: 5, stepsPerEpoch: 10 }),
  bars: classBars(['a', 'b'], { training: [1, 2], test: [3, 4] }),
  matrix: confusionMatrix(
    [
      [3, 1],
      [0, 2],
    ],
    ['a', 'b'],
  ),
  images: sampleGrid(train, { classes }),
};

/** The texts of XML documents; throws for one that is not well-formed. */
function textsOf(documents: readonly string[]): string[][] {
  const program = `import json, sys, xml.etree.ElementTree as e
print(json.dumps([[t.strip() for t in e.fromstring(d).itertext() if t.strip()] for d in json.load(sys.stdin)]))`;
  const input = JSON.stringify(documents);
  return JSON.parse(askPython(['-c', program], { input }));
}

test('every figure of the project can be drawn, with its title, axes and names', () => {
  const names = Object.keys(figures);
  const texts = textsOf(names.map((name) => drawing(figures[name]!)!));
  const of = Object.fromEntries(names.map((name, i) => [name, texts[i]!]));
  expect(of.curves).toEqual(
    expect.arrayContaining(['Loss by epoch', 'epoch', 'cross-entropy (nats)', '1', '2', '3']),
  );
  expect(of.curves).toEqual(expect.arrayContaining(['PyTorch training', 'TensorFlow validation']));
  expect(of.panels).toEqual(expect.arrayContaining(['TensorFlow', 'PyTorch']));
  expect(of.matrix).toEqual(expect.arrayContaining(['true class', 'a', 'b', '3', '1', '2']));
  expect(of.bars).toEqual(expect.arrayContaining(['training', 'test', 'images']));
  expect(of.images!.filter((text) => /^\d$/.test(text))).toHaveLength(20);
});

test('a drawing says in words what it shows', () => {
  expect(drawing(figures.curves!)).toContain('aria-label="Loss by epoch. TensorFlow: training 2.0');
});

test('a thumbnail has marks and no text', () => {
  const bare = drawing(figures.curves!, { width: 320, height: 180, bare: true })!;
  expect(bare).toContain('viewBox="0 0 320 180"');
  expect(bare).not.toContain('<text');
  expect(bare.match(/<path /g)!.length).toBeGreaterThanOrEqual(4);
});

test('lines reach from corner to corner of their data', () => {
  const figure = {
    data: [{ type: 'scatter', x: [0, 1], y: [0, 10] }],
    layout: { xaxis: { range: [0, 1] }, yaxis: { range: [0, 10] } },
  } as unknown as Figure;
  const bare = drawing(figure, { width: 100, height: 50, bare: true });
  expect(bare).toContain('d="M8 42L92 8"');
});

test('what a foreign figure brings stays text, and no more than a colour', () => {
  const evil = '"/><script>alert(1)</script>';
  const figure = {
    data: [
      { type: 'scatter', name: evil, y: [1, 2], line: { color: evil } },
      { y: [2, 1], name: 'b' },
    ],
    layout: { title: { text: evil }, xaxis: { title: { text: evil } } },
    summary: evil,
  } as unknown as Figure;
  const svg = drawing(figure)!;
  expect(svg).not.toContain('<script');
  expect(textsOf([svg])).toHaveLength(1);
});

test.each(['pie', 'surface', 'scatter3d', 'violin', 'histogram2d', 'choropleth'])(
  'a figure of type %s has no drawing, and not an empty one',
  (type) => {
    const trace = { type, x: [1, 2], y: [2, 1], z: [[1, 2]] };
    expect(drawing({ data: [trace], layout: {} } as unknown as Figure)).toBeUndefined();
  },
);

test('a figure without data has no drawing', () => {
  expect(drawing({ data: [], layout: {} })).toBeUndefined();
});
