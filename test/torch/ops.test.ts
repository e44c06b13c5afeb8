import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { aten } = torch.ops;

const setUp = `
torch.manual_seed(5)
aten = torch.ops.aten
x = torch.randn(3, 4)
w = torch.randn(2, 4)
i = torch.tensor([0, 2, 1])
`;
torch.manualSeed(5);
const x = torch.randn(3, 4);
const w = torch.randn(2, 4);
const i = torch.tensor([0, 2, 1]);

const twins: Record<string, () => unknown> = {
  'aten.add(x, x)': () => aten.add(x, x),
  'aten.add(x, 2)': () => aten.add(x, 2),
  'aten.sum(x)': () => aten.sum(x),
  'aten.sum(x, [1], True)': () => aten.sum(x, [1], true),
  'aten.linear(x, w)': () => aten.linear(x, w),
  'aten._log_softmax(x, 1, False)': () => aten._log_softmax(x, 1, false),
  'aten._softmax_backward_data(x, x.softmax(1), 1, torch.float32)': () =>
    aten._softmax_backward_data(x, x.softmax(1), 1, 'float32'),
  'aten.nll_loss_forward(x, i, None, 1, -100)': () => aten.nll_loss_forward(x, i, null, 1, -100),
  'aten.native_layer_norm(x, [4], None, None, 1e-5)': () =>
    aten.native_layer_norm(x, [4], null, null, 1e-5),
  'aten._foreach_add([x, w], 1)': () => aten._foreach_add([x, w], 1),
  'aten._foreach_mul([x], [x])': () => aten._foreach_mul([x], [x]),
  'aten.index(x, [None, i])': () => aten.index(x, [null, i]),
  'aten.index_put(x, [i], torch.zeros(4), True)': () =>
    aten.index_put(x, [i], torch.zeros(4), true),
  'aten.upsample_nearest2d(x[None, None], [6, 8])': () =>
    aten.upsample_nearest2d(x.index('None, None'), [6, 8]),
  'aten.to(x, torch.float64)': () => aten._to_copy(x, { dtype: 'float64' }),
};

const expected = python(
  Object.keys(twins).map((expression) => `bits(${expression})`),
  setUp,
);

test.each(Object.entries(twins).map(([name, twin], n) => [name, twin, expected[n]!] as const))(
  '%s',
  (_, twin, want) => {
    expect(bits(twin())).toBe(want);
  },
);

test('one function for each name', () => {
  expect(aten.add).toBe(aten.add);
});

test('a name that PyTorch does not have is refused with Python’s message', () => {
  const look = () => (aten as unknown as Record<string, unknown>).no_such_operator;
  const [theirs] = python(
    ['refusal()'],
    `
def refusal():
    try:
        torch.ops.aten.no_such_operator
    except AttributeError as e:
        return str(e)
`,
  );
  expect(look).toThrow(torch.TorchError);
  expect(look).toThrow(theirs);
});
