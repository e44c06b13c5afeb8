import { drawing, type Figure } from '../../src/plots';

const draw = (data: object[], layout: object, bare = false) =>
  drawing({ data, layout } as unknown as Figure, { width: 216, height: 116, bare })!;

test('a log axis has its powers of ten at equal distances', () => {
  const svg = draw([{ type: 'scatter', x: [0, 1, 2], y: [0.01, 1, 100] }], {
    xaxis: { range: [0, 2] },
    yaxis: { type: 'log', range: [-2, 2] },
  });
  expect(svg).toContain('>10⁻²</text>');
  expect(svg).toContain('>10²</text>');
  const [, a, b, c] = /d="M\S+ (\S+)L\S+ (\S+)L\S+ (\S+)"/.exec(svg)!.map(Number);
  expect(a! - b!).toBeCloseTo(b! - c!, 0);
  expect(a! - b!).toBeGreaterThan(10);
});

test('a zero on a log axis is left out and does no harm', () => {
  const svg = draw([{ type: 'scatter', x: [0, 1, 2], y: [0, 1, 10] }], { yaxis: { type: 'log' } });
  expect(svg).not.toMatch(/NaN|Infinity/);
  expect(svg.match(/d="M\d[^"]*L[^"]*"/)![0].match(/L/g)).toHaveLength(1);
});

test('bars may float, and the axis reaches only as far as they do', () => {
  const svg = draw(
    [{ type: 'bar', x: ['a', 'b'], base: [100, 104], y: [4, -2] }],
    { yaxis: {} },
    true,
  );
  const heights = [...svg.matchAll(/height="([\d.]+)"\/>/g)].map(([, height]) => Number(height));
  expect(heights[0]! / heights[1]!).toBeCloseTo(2, 0);
  expect(heights[0]!).toBeGreaterThan(70);
});
