import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { slice } = torch;

const setUp = `
x = torch.arange(24).view(2, 3, 4)
row = torch.tensor([10, 20, 30, 40])
def put(i, v):
    y = x.clone()
    y[i] = v
    return y
`;
const x = torch.arange(24).view(2, 3, 4);
const row = torch.tensor([10, 20, 30, 40]);
const put = (at: torch.Index | torch.Index[], value: torch.Tensor | torch.Scalar) =>
  x.clone().indexSet(at, value);

const twins: Record<string, () => torch.Tensor> = {
  // Texts are what Python writes between brackets.
  'x[1]': () => x.index('1'),
  'x[-1, 2]': () => x.index('-1, 2'),
  'x[:, 1:]': () => x.index(':, 1:'),
  'x[..., ::2]': () => x.index('..., ::2'),
  'x[:, -2:, 1:4:2]': () => x.index(':, -2:, 1:4:2'),
  'x[None, 0, ..., None]': () => x.index('None, 0, ..., None'),
  'x[True]': () => x.index('True'),
  'x[False]': () => x.index('False'),
  'x[1,]': () => x.index('1,'),
  'x[:, [0, 2]]': () => x.index(':', [0, 2]),
  'x[0, torch.tensor([2, 0])]': () => x.index('0', torch.tensor([2, 0])),
  'x[x > 20]': () => x.index(x.gt(20)),
  'x[:, torch.tensor([True, False, True])]': () => x.index(':', torch.tensor([true, false, true])),
  'x[[True, False]]': () => x.index([true, false]),
  'x[torch.tensor([1, 0], dtype=torch.uint8)]': () =>
    x.index(torch.tensor([1, 0], { dtype: 'uint8' })),
  'x[torch.tensor([[0, 1], [1, 1]])]': () =>
    x.index(
      torch.tensor([
        [0, 1],
        [1, 1],
      ]),
    ),
  'x[torch.tensor(1)]': () => x.index(torch.tensor(1)),
  'x[[]]': () => x.index([]),
  'x[1:1]': () => x.index(slice(1, 1)),
  'x[-5:100]': () => x.index(slice(-5, 100)),
  'x[..., 0, [1, 3]]': () => x.index(torch.ellipsis, 0, [1, 3]),
  'x[0, :, [1, 3]]': () => x.index(0, slice(), [1, 3]),
  'x[[0, 1], :, [1, 3]]': () => x.index([0, 1], slice(), [1, 3]),
  'x[[0, 1], None, [1, 2]]': () => x.index([0, 1], null, [1, 2]),
  // Assignment
  'put(0, 5)': () => put(0, 5),
  'put((0, 1, 2), -1)': () => put('0, 1, 2', -1),
  'put((slice(None), 1), row)': () => put(':, 1', row),
  'put((..., 0), 7.9)': () => put('..., 0', 7.9),
  'put(x > 20, 0)': () => put(x.gt(20), 0),
  'put(x > 21, torch.tensor([1, 2]))': () => put(x.gt(21), torch.tensor([1, 2])),
  'put(([0, 1], [2, 0]), row)': () =>
    put(
      [
        [0, 1],
        [2, 0],
      ],
      row,
    ),
  'put((slice(None), [0, 2]), torch.zeros(1, 1, 4, dtype=torch.int64))': () =>
    put([slice(), [0, 2]], torch.zeros([1, 1, 4], { dtype: 'int64' })),
  'put((0, slice(0, 2)), torch.ones(1, 1, 2, 4))': () => put('0, 0:2', torch.ones(1, 1, 2, 4)),
  'put((None, 1), 3)': () => put('None, 1', 3),
  'put(0, True)': () => put(0, true),
  'put(..., torch.tensor(9))': () => put(torch.ellipsis, torch.tensor(9)),
};

const expected = python(
  Object.keys(twins).map((expression) => `bits(${expression})`),
  setUp,
);

test.each(Object.entries(twins).map(([name, twin], i) => [name, twin, expected[i]!] as const))(
  '%s',
  (_, twin, want) => {
    expect(bits(twin())).toBe(want);
  },
);

test('numbers and slices give views, lists and masks copies', () => {
  const y = torch.zeros(3, 3);
  y.index('1').fill_(1);
  y.index(slice(), 0).fill_(2);
  y.index([2]).fill_(9);
  y.index(y.eq(0)).fill_(9);
  expect(y.toArray()).toEqual([
    [2, 0, 0],
    [2, 1, 1],
    [2, 0, 0],
  ]);
});

test('gradients flow through parts and assignments', () => {
  const w = torch.ones(3, { requiresGrad: true });
  const y = torch.zeros(4);
  y.indexSet('1:', w.mul(3));
  y.index('2:').sum().backward();
  expect(w.grad!.toArray()).toEqual([0, 3, 3]);
});

const refusals: [string, () => unknown, string][] = [
  ['x[2]', () => x.index(2), 'index 2 is out of bounds for dimension 0 with size 2'],
  ['x[:, -4]', () => x.index(':, -4'), 'index -4 is out of bounds for dimension 1 with size 3'],
  ['x[0, 0, 0, 0]', () => x.index(0, 0, 0, 0), 'too many indices for tensor of dimension 3'],
  ['x[::-1]', () => x.index('::-1'), 'step must be greater than zero'],
  ['x[[5]]', () => x.index([5]), 'index 5 is out of bounds for dimension 0 with size 2'],
  [
    'x[torch.tensor([True])]',
    () => x.index(torch.tensor([true])),
    'The shape of the mask [1] at index 0 does not match the shape of the indexed tensor [2, 3, 4] at index 0',
  ],
  [
    'x[torch.tensor([0.5])]',
    () => x.index(torch.tensor([0.5])),
    'tensors used as indices must be long, int, byte or bool tensors',
  ],
  [
    'put(0, torch.ones(5))',
    () => put(0, torch.ones(5)),
    'The expanded size of the tensor (4) must match the existing size (5) at non-singleton dimension 1.  Target sizes: [3, 4].  Tensor sizes: [5]',
  ],
];

const messages = python(
  refusals.map(([expression]) => `refusal(lambda: ${expression})`),
  `${setUp}
def refusal(call):
    try:
        call()
    except Exception as e:
        return str(e)
`,
);

test.each(refusals.map((refusal, i) => [...refusal, messages[i]!] as const))(
  '%s is refused with Python’s message',
  (_, call, message, theirs) => {
    expect(theirs).toBe(message);
    expect(call).toThrow(torch.TorchError);
    expect(call).toThrow(message);
  },
);

test('a text that is not an index is rejected', () => {
  expect(() => x.index('1; 2')).toThrow(/'1; 2' is not an index/);
  expect(() => x.index('')).toThrow(torch.TorchError);
  expect(() => x.index(0.5)).toThrow(/only whole numbers.*\(got 0\.5\)/);
});
