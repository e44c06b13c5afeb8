import assert from 'node:assert';
import { inspect, isDeepStrictEqual, stripVTControlCharacters } from 'node:util';
import * as torch from 'tandem-torch';

const pairs: [string, torch.Tensor, torch.Tensor, boolean][] = [
  ['the same values', torch.ones(2, 3), torch.ones(2, 3), true],
  ['other values', torch.ones(2, 3), torch.zeros(2, 3), false],
  ['another shape', torch.ones(6), torch.ones(2, 3), false],
  ['another dtype', torch.ones(2), torch.ones(2, { dtype: 'float64' }), false],
  ['another device', torch.ones(2), torch.ones(2, { device: 'meta' }), false],
  ['empty ones', torch.zeros(0, 3), torch.zeros(0, 3), true],
  ['empty ones of other shapes', torch.zeros(0, 3), torch.zeros(0, 4), false],
  ['numbers without dimensions', torch.tensor(1), torch.tensor(1), true],
  ['NaN, however it came', torch.tensor([Number.NaN]), torch.zeros(1).div(0), true],
  ['zero and -0', torch.tensor([0.5 - 0.5, 0.5]), torch.tensor([-0, 0.5]), false],
  [
    'views of other strides',
    torch.arange(6).view(2, 3).T,
    torch.arange(6).view(2, 3).T.contiguous(),
    true,
  ],
  ['sparse ones', torch.eye(3).toSparse(), torch.eye(3).toSparse(), true],
  ['sparse and dense', torch.eye(3).toSparse(), torch.eye(3), false],
  ['complex ones', torch.tensor([{ re: 1, im: 2 }]), torch.tensor([{ re: 1, im: 2 }]), true],
  [
    'complex ones that differ',
    torch.tensor([{ re: 1, im: 2 }]),
    torch.tensor([{ re: 1, im: 3 }]),
    false,
  ],
  ['bfloat16', torch.ones(2, { dtype: 'bfloat16' }), torch.ones(2, { dtype: 'bfloat16' }), true],
];

test.each(pairs)('%s', (_, a, b, equal) => {
  expect(isDeepStrictEqual(a, b)).toBe(equal);
  expect(isDeepStrictEqual({ in: [a] }, { in: [b] })).toBe(equal);
  if (equal) assert.deepStrictEqual(a, b);
  else assert.throws(() => assert.deepStrictEqual(a, b));
  if (equal) {
    expect(a).toEqual(b);
    expect({ in: [a] }).toStrictEqual({ in: [b] });
  } else {
    expect(a).not.toEqual(b);
    expect([a]).not.toStrictEqual([b]);
  }
});

test.each([
  ['a vector', torch.ones(2), torch.zeros(2), '+     0,'],
  ['a matrix', torch.ones(2, 2), torch.zeros(2, 2), '+       0,'],
  ['a number', torch.tensor(1), torch.tensor(2), '+   "values": 2,'],
  [
    'in an object',
    { y: torch.ones(2) },
    { y: torch.ones(2, { dtype: 'int32' }) },
    '+     "dtype": "int32",',
  ],
])('what differs is shown: %s', (_, expected, received, line) => {
  let message = '';
  try {
    expect(received).toEqual(expected);
  } catch (error) {
    message = stripVTControlCharacters((error as Error).message);
  }
  expect(message).toContain(line);
});

test('a tensor is equal to no other kind of value', () => {
  expect(torch.ones(2)).not.toEqual([1, 1]);
  expect(torch.ones(2)).not.toEqual(null);
  expect(isDeepStrictEqual(torch.ones(2), {})).toBe(false);
});

test('a million elements are compared at once', () => {
  const x = torch.rand(1000, 1000);
  expect(x).toEqual(x.clone());
});

test('modules are equal when their settings and parameters are', () => {
  const net = new torch.nn.Linear(2, 2);
  const copy = net.deepcopy();
  expect(isDeepStrictEqual(net, copy)).toBe(true);
  torch.noGrad(() => copy.bias!.add_(1));
  expect(isDeepStrictEqual(net, copy)).toBe(false);
});

test('JSON and snapshots show dtype, shape, device and values', () => {
  expect(JSON.stringify(torch.ones(2))).toBe(
    '{"dtype":"float32","shape":[2],"device":"cpu","values":[1,1]}',
  );
  expect(torch.tensor([[1, 2n ** 60n]])).toMatchInlineSnapshot(`
{
  "device": "cpu",
  "dtype": "int64",
  "shape": [
    1,
    2,
  ],
  "values": [
    [
      1,
      "1152921504606846976",
    ],
  ],
}
`);
  expect(JSON.parse(JSON.stringify(torch.ones(2, { device: 'meta' }))).values).toBeNull();
  const { dtype, values } = JSON.parse(JSON.stringify(torch.tensor([true, false])));
  expect(torch.tensor(values, { dtype })).toEqual(torch.tensor([true, false]));
});

test('a tensor can’t be cloned by structuredClone, which says what to do', () => {
  expect(() => structuredClone({ x: torch.ones(2) })).toThrow(
    /torch\.Tensor.*x\.clone\(\).*torch\.share\(x\)/,
  );
});

test('the inspector shows what Python prints', () => {
  expect(inspect({ x: torch.ones(2) })).toBe('{ x: tensor([1., 1.]) }');
  const gone = torch.ones(1);
  gone.dispose();
  expect(inspect(gone)).toBe('Tensor (disposed)');
  expect(isDeepStrictEqual(gone, torch.ones(1))).toBe(false);
});
