import * as torch from 'tandem-torch';
import { bits, python } from './python';

/** Python first, then the same in TypeScript; both start from this. */
const setUp = `
torch.backends.opt_einsum.enabled = False
torch.manual_seed(3)
x = torch.randn(3, 4)
y = torch.randn(4)
i = torch.tensor([[3, 1, 3], [1, 1, 0]])
c = torch.complex(torch.randn(2, 2), torch.randn(2, 2))
sp = torch.tensor([[0., 2.], [3., 0.]]).to_sparse()
`;
torch.manualSeed(3);
const x = torch.randn(3, 4);
const y = torch.randn(4);
const i = torch.tensor([
  [3, 1, 3],
  [1, 1, 0],
]);
const c = torch.complex(torch.randn(2, 2), torch.randn(2, 2));
const sp = torch.tensor([
  [0, 2.5],
  [3, 0],
]);

const int32 = { dtype: 'int32' } as const;

const twins: Record<string, () => unknown> = {
  // torch.functional
  'torch.unique(i)': () => torch.unique(i),
  'torch.unique(i, return_inverse=True)': () => torch.unique(i, { returnInverse: true }),
  'torch.unique(i, return_counts=True)': () => torch.unique(i, { returnCounts: true }),
  'i.unique(return_inverse=True, return_counts=True, dim=1)': () =>
    i.unique({ returnInverse: true, returnCounts: true, dim: 1 }),
  'i.unique_consecutive(return_counts=True)': () => i.uniqueConsecutive({ returnCounts: true }),
  'i.nonzero()': () => i.nonzero(),
  'i.nonzero(as_tuple=True)': () => i.nonzero({ asTuple: true }),
  'torch.unravel_index(torch.tensor([5, 7]), (3, 4))': () =>
    torch.unravelIndex(torch.tensor([5, 7]), [3, 4]),
  'torch.meshgrid(y, y[:2], indexing="xy")': () =>
    torch.meshgrid(y, y.index(':2'), { indexing: 'xy' }),
  'torch.meshgrid([y, y], indexing="ij")': () => torch.meshgrid([y, y]),
  'torch.broadcast_tensors(x, y)': () => torch.broadcastTensors(x, y),
  'torch.broadcast_shapes((3, 1), (4,), 1)': () => torch.broadcastShapes([3, 1], [4], 1),
  'torch.block_diag(x, y)': () => torch.blockDiag(x, y),
  'torch.cartesian_prod(y, y[:2])': () => torch.cartesianProd(y, y.index(':2')),
  'torch.atleast_3d(y)': () => torch.atleast3d(y),
  'torch.atleast_2d(y, y[0])': () => torch.atleast2d(y, y.index(0)),
  'torch.einsum("ij,j->i", x, y)': () => torch.einsum('ij,j->i', x, y),
  'torch.einsum("ij,kj,j->ik", x, x, y)': () => torch.einsum('ij,kj,j->ik', [x, x, y]),
  'torch.tensordot(x, y, 1)': () => torch.tensordot(x, y, 1),
  'torch.tensordot(x, x, dims=([0, 1], [0, 1]))': () =>
    torch.tensordot(x, x, {
      dims: [
        [0, 1],
        [0, 1],
      ],
    }),
  'torch.cdist(x, x + 1, p=1.5)': () => torch.cdist(x, x.add(1), { p: 1.5 }),
  'x.norm()': () => x.norm(),
  'x.norm(1, 0)': () => x.norm(1, 0),
  'torch.norm(x, dim=1, keepdim=True)': () => torch.norm(x, { dim: 1, keepdim: true }),
  'torch.norm(x, "nuc")': () => torch.norm(x, 'nuc'),
  'x[:, :3].lu()': () => x.index(':, :3').lu(),
  'torch.signal.windows.kaiser(6, beta=5., sym=False)': () =>
    torch.signal.windows.kaiser(6, { beta: 5, sym: false }),
  'torch.sparse.mm(sp, sp.to_dense()).add(0.5)': () =>
    torch.sparse.mm(sp.floor().toSparse(), sp.floor()).add(0.5),
  'torch.sparse.softmax(sp, 1).to_dense()': () =>
    torch.sparse.softmax(sp.floor().toSparse(), 1).toDense(),
  // Attributes and methods
  'c.H': () => c.H,
  'c.mH': () => c.mH,
  'c.real': () => c.real,
  'c.imag': () => c.imag,
  'x.real': () => x.real,
  '(x.itemsize, x.nbytes, c.element_size(), x.nelement(), x.ndimension())': () => [
    x.itemsize,
    x.nbytes,
    c.elementSize(),
    x.nelement(),
    x.ndimension(),
  ],
  '(x.is_contiguous(), x.t().is_contiguous(), x.is_sparse, x.is_meta)': () => [
    x.isContiguous(),
    x.t().isContiguous(),
    x.isSparse,
    x.isMeta,
  ],
  'torch.zeros(1, 2, 3, 3).contiguous(memory_format=torch.channels_last).is_contiguous(memory_format=torch.channels_last)':
    () =>
      torch
        .zeros(1, 2, 3, 3)
        .contiguous({ memoryFormat: 'channels_last' })
        .isContiguous({ memoryFormat: 'channels_last' }),
  'x.new_tensor([1, 2])': () => x.newTensor([1, 2]),
  'x.clone().apply_(lambda v: v * 2 + 1)': () => x.clone().apply_((v) => v * 2 + 1),
  'x.clone().map_(y, lambda a, b: a - b)': () => x.clone().map_(y, (a, b) => a - b),
  'x.tolist() == x.tolist()': () => x.tolist() !== null,
  // Moves
  'x.to(torch.float64)': () => x.to('float64'),
  'x.to("cpu")': () => x.to('cpu'),
  'x.to("cpu", torch.float16).float()': () => x.to('cpu', 'float16').float(),
  'x.to("meta").shape[0]': () => x.to('meta').shape[0],
  'x.to(i)': () => x.to(i),
  'x.to(device="cpu", dtype=torch.bfloat16).float()': () =>
    x.to({ device: 'cpu', dtype: 'bfloat16' }).float(),
  'torch.ones(2).byte()': () => torch.ones(2).byte(),
  'i.short()': () => i.short(),
  'i.char()': () => i.char(),
  'x.cfloat()': () => x.cfloat(),
  'x.cdouble()': () => x.cdouble(),
  'x.type(torch.int32)': () => x.type(torch.int32),
  'x.half().float()': () => x.half().float(),
  // Creation
  'torch.as_tensor([1, 2.5])': () => torch.asTensor([1, 2.5]),
  'torch.as_tensor(x, dtype=torch.float64)': () => torch.asTensor(x, { dtype: 'float64' }),
  'torch.frombuffer(bytearray([1, 0, 0, 0, 2, 0, 0, 0]), dtype=torch.int32)': () =>
    torch.frombuffer(Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0), int32),
  'torch.frombuffer(bytearray(range(9)), dtype=torch.int16, count=2, offset=3)': () =>
    torch.frombuffer(Uint8Array.from({ length: 9 }, (_, n) => n).buffer, {
      dtype: 'int16',
      count: 2,
      offset: 3,
    }),
  'torch.tensor([-1, 255], dtype=torch.uint8)': () => torch.tensor([-1, 255], { dtype: 'uint8' }),
  'torch.tensor([2.9, -2.9], dtype=torch.int8)': () => torch.tensor([2.9, -2.9], { dtype: 'int8' }),
  'torch.tensor([2**64 - 1], dtype=torch.uint64).view(torch.int64)': () =>
    torch.tensor([2n ** 64n - 1n], { dtype: 'uint64' }).view('int64'),
  'torch.zeros(2, out=torch.empty(2, dtype=torch.float64), dtype=torch.float64)': () =>
    torch.zeros([2], {
      out: torch.empty([2], { dtype: 'float64' }),
      dtype: 'float64',
    } as { out: torch.Tensor }),
  'torch.sparse_coo_tensor(torch.tensor([[0, 1], [1, 0]]), torch.tensor([1., 2.]), (2, 2)).to_dense()':
    () =>
      torch
        .sparseCooTensor(
          torch.tensor([
            [0, 1],
            [1, 0],
          ]),
          torch.tensor([1, 2], { dtype: 'float32' }),
          [2, 2],
        )
        .toDense(),
  // Out, with the tensor itself as the result
  'torch.add(x, y, out=torch.empty(3, 4))': () => torch.add(x, y, { out: torch.empty(3, 4) }),
  'torch.max(x, 1, out=(torch.empty(0), torch.empty(0, dtype=torch.int64)))': () => [
    ...torch.max(x, 1, false, {
      out: [torch.empty(0), torch.empty([0], { dtype: 'int64' })],
    }),
  ],
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

test('limits of the dtypes', () => {
  const floats = ['float64', 'float32', 'float16', 'bfloat16'] as const;
  const wholes = ['int64', 'int32', 'uint8', 'uint64'] as const;
  const finfo = (name: string) =>
    `'%d %r %r %r' % ((lambda f: (f.bits, f.eps, f.max, f.tiny))(torch.finfo(torch.${name})))`;
  const iinfo = (name: string) =>
    `'%d %d %d' % ((lambda f: (f.bits, f.min, f.max))(torch.iinfo(torch.${name})))`;
  const [theirs, theirWholes] = [python(floats.map(finfo)), python(wholes.map(iinfo))];
  for (const [n, name] of floats.entries()) {
    const { bits: size, eps, max, tiny } = torch.finfo(name);
    expect([size, eps, max, tiny]).toEqual(theirs[n]!.split(' ').map(Number));
  }
  for (const [n, name] of wholes.entries()) {
    const { bits: size, min, max } = torch.iinfo(name);
    expect([size, min, max].join(' ')).toBe(theirWholes[n]);
  }
  expect(() => torch.finfo('int8')).toThrow(/requires a floating point input type/);
  expect(() => torch.iinfo('float32')).toThrow(/requires an integer input type/);
});

const refusals: [string, () => unknown, string][] = [
  [
    'torch.tensor(300, dtype=torch.int8)',
    () => torch.tensor(300, { dtype: 'int8' }),
    'value cannot be converted to type int8 without overflow',
  ],
  [
    'torch.tensor(float("nan"), dtype=torch.int64)',
    () => torch.tensor(Number.NaN, { dtype: 'int64' }),
    'value cannot be converted to type int64 without overflow',
  ],
  [
    'torch.tensor(1 + 2j, dtype=torch.float32)',
    () => torch.tensor({ re: 1, im: 2 }, { dtype: 'float32' }),
    'must be real number, not complex',
  ],
  [
    'torch.set_default_dtype(torch.int64)',
    () => torch.setDefaultDtype('int64'),
    'only floating-point types are supported as the default type',
  ],
  [
    'torch.frombuffer(bytearray(7), dtype=torch.float32)',
    () => torch.frombuffer(new Uint8Array(7), { dtype: 'float32' }),
    'buffer length (7 bytes) after offset (0 bytes) must be a multiple of element size (4)',
  ],
  ['[*torch.tensor(1)]', () => [...torch.tensor(1)], 'iteration over a 0-d tensor'],
  [
    'torch.zeros(2).size(3)',
    () => torch.zeros(2).size(3),
    'Dimension out of range (expected to be in range of [-1, 0], but got 3)',
  ],
  [
    'torch.cdist(torch.ones(1, 1), torch.ones(1, 1), compute_mode="x")',
    () => torch.cdist(torch.ones(1, 1), torch.ones(1, 1), { computeMode: 'x' as never }),
    'x is not a valid value for compute_mode',
  ],
  [
    'torch.tensordot(torch.ones(2), torch.ones(2), 2)',
    () => torch.tensordot(torch.ones(2), torch.ones(2), 2),
    'tensordot expects dims < ndim_a or ndim_b, but got dims=2',
  ],
];

const messages = python(
  refusals.map(([expression]) => `refusal(lambda: ${expression})`),
  `
def refusal(call):
    try:
        call()
    except Exception as e:
        return str(e)
`,
);

test.each(refusals.map((refusal, n) => [...refusal, messages[n]!] as const))(
  '%s is refused with Python’s message',
  (_, call, message, theirs) => {
    expect(theirs).toBe(message);
    expect(call).toThrow(torch.TorchError);
    expect(call).toThrow(message);
  },
);

test('a default dtype holds for new floats', () => {
  torch.setDefaultDtype('float64');
  try {
    expect(torch.tensor([0.5]).dtype).toBe('float64');
    expect(torch.zeros(2).dtype).toBe('float64');
    expect(torch.tensor({ re: 1, im: 2 }).dtype).toBe('complex128');
    expect(torch.tensor([0.5]).toString()).toBe('tensor([0.5000])');
  } finally {
    torch.setDefaultDtype('float32');
  }
});

test('out has its own dtype, and another is refused', () => {
  const out = torch.empty(2);
  expect(() => torch.zeros([2], { out, dtype: 'int64' } as { out: torch.Tensor })).toThrow(
    /dtype int64 does not match dtype of out parameter \(float32\)/,
  );
});

test('several results are written into a list of tensors', () => {
  const out = [torch.empty(0), torch.empty([0], { dtype: 'int64' })] as const;
  const result = torch.max(x, 1, false, { out });
  expect(result.values.is(out[0])).toBe(true);
  expect(out[1].toArray()).toEqual(x.argmax(1).toArray());
  expect(() => torch.max(x, 1, false, { out: out[0] as never })).toThrow(
    /argument 'out' must be.*, not a Tensor/,
  );
});

test('warnings come as Node’s, once from each place', () => {
  const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  for (let n = 0; n < 3; n++) torch.ones(3).index(torch.tensor([1, 0, 1], { dtype: 'uint8' }));
  const calls = emitWarning.mock.calls;
  emitWarning.mockRestore();
  expect(calls).toEqual([
    [expect.stringMatching(/indexing with dtype torch.uint8 is now deprecated/), 'TorchWarning'],
  ]);
});

test('print options', () => {
  const pi = torch.tensor([Math.PI, 100]);
  const [theirs] = python(
    ['printed()'],
    `
def printed():
    x = torch.tensor([3.141592653589793, 100])
    out = []
    torch.set_printoptions(precision=2); out.append(str(x))
    torch.set_printoptions(sci_mode=True); out.append(str(x))
    torch.set_printoptions(profile='default'); out.append(str(x))
    torch.set_printoptions(threshold=4, edgeitems=1); out.append(str(torch.arange(9)))
    torch.set_printoptions(profile='full'); out.append(str(torch.arange(9)))
    return json.dumps(out)
`,
  );
  const printed: string[] = [];
  torch.setPrintoptions({ precision: 2 });
  printed.push(String(pi));
  torch.setPrintoptions({ sciMode: true });
  printed.push(String(pi));
  torch.setPrintoptions({ profile: 'default' });
  printed.push(String(pi));
  torch.setPrintoptions({ threshold: 4, edgeitems: 1 });
  printed.push(String(torch.arange(9)));
  torch.setPrintoptions({ profile: 'full' });
  printed.push(String(torch.arange(9)));
  torch.setPrintoptions({ profile: 'default' });
  expect(printed).toEqual(JSON.parse(theirs!));
});
