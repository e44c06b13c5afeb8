import { colors } from '../../src/plots';
import { otherColors } from '../../src/plots/figure';

type Rgb = readonly [number, number, number];

const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;

const times = (matrix: readonly Rgb[], [r, g, b]: Rgb): Rgb =>
  matrix.map((row) => row[0] * r + row[1] * g + row[2] * b) as unknown as Rgb;

/** WCAG's contrast of two colours. */
function contrast(a: string, b: string): number {
  const [high, low] = [a, b]
    .map((hex) => times([[0.2126, 0.7152, 0.0722]], linear(hex))[0])
    .sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** What the three kinds of the fully colour-blind see (Machado, Oliveira and Fernandes 2009). */
const sights: Record<string, readonly Rgb[]> = {
  'all colours': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function lab(rgb: Rgb): Rgb {
  const [x, y, z] = times(
    [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ],
    rgb.map((share) => Math.min(1, Math.max(0, share))) as unknown as Rgb,
  );
  const root = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [fx, fy, fz] = [root(x / 0.9505), root(y), root(z / 1.089)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** How far apart two colours are seen, where about 2 can just be told apart (CIE 1976). */
function distance(a: string, b: string, sight: readonly Rgb[]): number {
  const [one, other] = [a, b].map((hex) => lab(times(sight, linear(hex)))) as [Rgb, Rgb];
  return Math.hypot(...one.map((value, i) => value - other[i]!));
}

test.each(['#ffffff', '#111111', '#1a1e22'])('all colours stand out from %s', (background) => {
  for (const color of [...Object.values(colors), ...otherColors]) {
    expect({ color, enough: contrast(color, background) >= 3 }).toEqual({ color, enough: true });
  }
});

test.each(Object.keys(sights))('the frameworks stay apart for those who see %s', (sight) => {
  expect(distance(colors.pytorch, colors.tensorflow, sights[sight]!)).toBeGreaterThan(40);
});

test.each(Object.keys(sights))('two splits stay apart for those who see %s', (sight) => {
  expect(distance(otherColors[0]!, otherColors[1]!, sights[sight]!)).toBeGreaterThan(15);
});
