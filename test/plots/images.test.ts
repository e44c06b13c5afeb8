import { inflateSync } from 'node:zlib';
import { type Figure, sampleGrid } from '../../src/plots';
import { tiny } from '../training/tiny';

interface Mosaic {
  source: string;
}
interface Names {
  text: string[][];
  x: number[];
  y: number[];
  z: (number | null)[][];
}

const parts = (figure: Figure) => figure.data as unknown as [Mosaic, Names];

/** The pixels of a PNG of grey and alpha without filters, `[height][width]`. */
function pixels(source: string): { grey: number; alpha: number }[][] {
  const png = Buffer.from(source.slice(source.indexOf(',') + 1), 'base64');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const data = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
  const stride = 2 * width + 1;
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => ({
      grey: rows[y * stride + 1 + 2 * x]!,
      alpha: rows[y * stride + 2 + 2 * x]!,
    })),
  );
}

const { train, classes } = tiny();

test('the picture holds each image’s own bytes, and is transparent between them', () => {
  const [mosaic, names] = parts(sampleGrid(train, { classes, indices: [3, 5], columns: 2 }));
  const shown = pixels(mosaic.source);
  const first = shown.findIndex((row) => row.some(({ alpha }) => alpha > 0));
  const gap = names.x[1]! - names.x[0]! - 8;
  const left = names.x[1]! + (gap + 1) / 2;
  const top = first;
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      const grey = train.images[(5 * 8 + y) * 8 + x]!;
      expect(shown[top + y]![left + x]).toEqual({ grey, alpha: 255 });
    }
  }
  expect(shown[top]![left - 1]!.alpha).toBe(0);
});

test.each([8, 28])('gaps between images of %d pixels are small beside them', (side) => {
  const set = tiny(20, side);
  const [, names] = parts(sampleGrid(set.train, { classes: set.classes }));
  const gap = names.x[1]! - names.x[0]! - side;
  expect(gap / side).toBeGreaterThan(0.05);
  expect(gap / side).toBeLessThan(0.2);
});

test('hovering names the image, and nothing where there is none', () => {
  const [, names] = parts(sampleGrid(train, { classes, indices: [3, 5, 8], columns: 2 }));
  expect(names.text).toEqual([
    [`image 3: ${train.labels[3]}`, `image 5: ${train.labels[5]}`],
    [`image 8: ${train.labels[8]}`],
  ]);
  expect(names.z).toEqual([
    [0, 0],
    [0, null],
  ]);
});

test('a wrong answer is shown with the true one', () => {
  const truth = train.labels[0]!;
  const figure = sampleGrid(train, {
    classes,
    indices: [0, 1],
    predictions: [9, train.labels[1]!],
  });
  expect(figure.layout.annotations!.map(({ text }) => text)).toEqual([
    `<b>9</b><br>not ${truth}`,
    String(train.labels[1]),
  ]);
  expect(figure.summary).toBe(`Samples. 2 images: 9, not ${truth}, ${train.labels[1]}.`);
});

test('twenty images are a light figure', () => {
  const { train: large, classes: names } = tiny(40, 28);
  expect(JSON.stringify(sampleGrid(large, { classes: names })).length).toBeLessThan(20_000);
});

test('no images make an empty figure', () => {
  expect(sampleGrid(train, { classes, indices: [] }).summary).toBe('Samples. 0 images: .');
});
