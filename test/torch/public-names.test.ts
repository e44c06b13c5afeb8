import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { add, div, divide, mul, multiply, nn, sub, subtract } = torch;
const { data } = torch.utils;

const x = () => torch.tensor([1, 2.5]);
const whole = () => torch.tensor([3, 4], { dtype: 'int32' });

/** Python's expression, and ours. */
const twins: Record<string, () => unknown> = {
  // Numbers in first place
  ...Object.fromEntries(
    Object.entries({ add, sub, mul, div, subtract, multiply, divide }).flatMap(([name, run]) => [
      [`torch.${name}(1, x)`, () => run(1, x())],
      [`torch.${name}(2.5, w)`, () => run(2.5, whole())],
      [`torch.${name}(7, 2)`, () => run(7, 2)],
    ]),
  ),
  'torch.add(True, x)': () => torch.add(true, x()),
  'torch.true_divide(1, x)': () => torch.trueDivide(1, x()),
  'torch.floor_divide(7, x)': () => torch.floorDivide(7, x()),
  'torch.sub(1, x, alpha=3)': () => torch.sub(1, x(), { alpha: 3 }),
  "torch.div(7, x, rounding_mode='floor')": () => torch.div(7, x(), { roundingMode: 'floor' }),
  'torch.pow(2, x)': () => torch.pow(2, x()),
  'torch.pow(2, w)': () => torch.pow(2, whole()),
  'torch.remainder(7, x)': () => torch.remainder(7, x()),
  'torch.bitwise_and(1, w)': () => torch.bitwiseAnd(1, whole()),
  'torch.xlogy(2, x)': () => torch.xlogy(2, x()),
  'torch.float_power(2, x)': () => torch.floatPower(2, x()),
  'torch.where(x > 2, 1., 0.)': () => torch.where(x().gt(2), { float: 1 }, { float: 0 }),
  // torch.tensor of what isn't a plain number
  'torch.tensor(2.)': () => torch.tensor({ float: 2 }),
  'torch.tensor([1., 2])': () => torch.tensor([{ float: 1 }, 2]),
  'torch.tensor([torch.tensor(1), torch.tensor(2)])': () =>
    torch.tensor([torch.tensor(1), torch.tensor(2)]),
  'torch.tensor([torch.tensor(1.5, dtype=torch.float64), 2])': () =>
    torch.tensor([torch.tensor(1.5, { dtype: 'float64' }), 2]),
  'torch.tensor([[torch.tensor([1])], [torch.tensor([True])]])': () =>
    torch.tensor([[torch.tensor([1])], [torch.tensor([true])]]),
  'torch.tensor([True, 2])': () => torch.tensor([true, 2]),
  'torch.tensor([1, 2.5, 1j])': () => torch.tensor([1, 2.5, { re: 0, im: 1 }]),
  'torch.tensor([[1, 2], [3, 4]], dtype=torch.float16).float()': () =>
    torch
      .tensor(
        [
          [1, 2],
          [3, 4],
        ],
        { dtype: 'float16' },
      )
      .float(),
  'torch.tensor([255, -255], dtype=torch.uint8)': () =>
    torch.tensor([255, -255], { dtype: 'uint8' }),
  'torch.tensor([1.9, -1.9], dtype=torch.int64)': () =>
    torch.tensor([1.9, -1.9], { dtype: 'int64' }),
  'torch.tensor(x)': () => torch.tensor(x()),
  'torch.tensor([])': () => torch.tensor([]),
  // The older ways
  'torch.Tensor([2, 3])': () => torch.Tensor([2, 3]),
  'torch.Tensor([[True], [False]])': () => new torch.Tensor([[true], [false]]),
  'torch.Tensor(2, 3).shape': () => shape(torch.Tensor(2, 3)),
  'torch.Tensor()': () => torch.Tensor(),
  'torch.FloatTensor([1, 2])': () => torch.FloatTensor([1, 2]),
  'torch.LongTensor([1.7, 2])': () => new torch.LongTensor([1.7, 2]),
  'torch.LongTensor(2, 3).shape': () => shape(torch.LongTensor(2, 3)),
  'torch.ByteTensor([1, 0])': () => torch.ByteTensor([1, 0]),
  'torch.BoolTensor([1, 0, 2])': () => torch.BoolTensor([1, 0, 2]),
  'isinstance(x, torch.FloatTensor)': () => x() instanceof torch.FloatTensor,
  'isinstance(x, torch.LongTensor)': () => x() instanceof torch.LongTensor,
  'isinstance(x, torch.Tensor)': () => x() instanceof torch.Tensor,
  'torch.autograd.Variable(x)': () => torch.autograd.Variable(x()),
  'torch.autograd.Variable(x, requires_grad=True).requires_grad': () =>
    new torch.autograd.Variable(x(), true).requiresGrad,
  'isinstance(x, torch.autograd.Variable)': () => x() instanceof torch.autograd.Variable,
  'repr(torch.Size([2, 3]))': () => inspect(torch.Size([2, 3])),
  'torch.Size([2, 3]).numel()': () => torch.Size([2, 3]).numel(),
  // Devices
  "torch.device('cpu')": () => String(torch.device('cpu')),
  "torch.device('cuda', 1)": () => String(new torch.device('cuda', 1)),
  "repr(torch.device('cuda:1'))": () => inspect(torch.device('cuda:1')),
  "torch.device('cuda:1').type": () => torch.device('cuda:1').type,
  "torch.device('cuda:1').index": () => torch.device('cuda:1').index,
  "torch.zeros(2, device=torch.device('cpu'))": () =>
    torch.zeros(2, { device: torch.device('cpu') }),
  "x.to(torch.device('cpu'), torch.float64)": () => x().to(torch.device('cpu'), 'float64'),
  'x.device == torch.device("cpu")': () => x().device === torch.device('cpu'),
  'torch.cuda.is_available()': () => torch.cuda.isAvailable(),
  'torch.cuda.device_count()': () => torch.cuda.deviceCount(),
  'torch.cuda.memory_allocated()': () => torch.cuda.memoryAllocated(),
  'torch.backends.cudnn.benchmark': () => torch.backends.cudnn.benchmark,
  'torch.backends.cudnn.is_available()': () => torch.backends.cudnn.isAvailable(),
  'torch.backends.cudnn.allow_tf32': () => torch.backends.cudnn.allowTf32,
  'torch.backends.cuda.matmul.allow_tf32': () => torch.backends.cuda.matmul.allowTf32,
  'torch.backends.cuda.is_built()': () => torch.backends.cuda.isBuilt(),
  'torch.backends.mps.is_available()': () => torch.backends.mps.isAvailable(),
  'torch.backends.mkl.is_available()': () => torch.backends.mkl.isAvailable(),
  'torch.backends.mkldnn.is_available()': () => torch.backends.mkldnn.isAvailable(),
  'torch.backends.openmp.is_available()': () => torch.backends.openmp.isAvailable(),
  'torch.backends.cpu.get_cpu_capability()': () => torch.backends.cpu.getCpuCapability(),
  'torch.get_float32_matmul_precision()': () => torch.getFloat32MatmulPrecision(),
  "torch.__version__.split('+')[0]": () => torch.__version__,
  // dtypes
  'torch.tensor([0.3, -1.7]).to(torch.float8_e4m3fn).float()': () =>
    torch.tensor([0.3, -1.7]).to(torch.float8_e4m3fn).float(),
  'torch.tensor([0.3, -1.7]).to(torch.float8_e5m2).float()': () =>
    torch.tensor([0.3, -1.7]).to('float8_e5m2').float(),
  // NumPy's arrays
  'torch.from_numpy(x.numpy())': () => torch.fromNumpy(x().numpy()),
  'torch.from_numpy(torch.arange(6).view(2, 3).numpy())': () =>
    torch.fromNumpy(torch.arange(6).view(2, 3).numpy()),
  'torch.from_numpy(torch.arange(6).view(2, 3).T.numpy())': () =>
    torch.fromNumpy(torch.arange(6).view(2, 3).T.numpy()),
  // Prints of what isn't dense
  'torch.eye(3).to_sparse()': () => String(torch.eye(3).toSparse()),
  'torch.tensor([[0, 2], [3, 0]]).to_sparse()': () =>
    String(
      torch
        .tensor([
          [0, 2],
          [3, 0],
        ])
        .toSparse(),
    ),
  'torch.eye(3, dtype=torch.float64).to_sparse_csr()': () =>
    String(torch.eye(3, { dtype: 'float64' }).toSparseCsr()),
  'torch.eye(3).to_sparse().requires_grad_()': () =>
    String(torch.eye(3).toSparse().requiresGrad_()),
  'torch.zeros(2, 2).to_sparse()': () => String(torch.zeros(2, 2).toSparse()),
  'torch.sparse_coo_tensor([[0, 1], [1, 0]], torch.ones(2, 3), (2, 2, 3))': () =>
    String(
      torch.sparseCooTensor(
        torch.tensor([
          [0, 1],
          [1, 0],
        ]),
        torch.ones(2, 3),
        [2, 2, 3],
      ),
    ),
  'torch.quantize_per_tensor(torch.tensor([1., 2.5]), 0.1, 10, torch.quint8)': () =>
    String(torch.quantizePerTensor(torch.tensor([1, 2.5]), 0.1, 10, 'quint8')),
};

const shape = (tensor: torch.Tensor) => tensor.shape.join(' ');
const shown = (value: unknown) => (value === null ? 'None' : bits(value));

const isPrint = (expression: string) => /sparse|quantize/.test(expression);
const expected = python(
  Object.keys(twins).map((e) => (isPrint(e) ? `str(${e})` : `bits(${e})`)),
  'import warnings; warnings.simplefilter("ignore")\nx = torch.tensor([1, 2.5]); w = torch.tensor([3, 4], dtype=torch.int32)',
);

test.each(Object.entries(twins).map(([name, twin], i) => [name, twin, expected[i]!] as const))(
  '%s',
  (_, twin, want) => {
    expect(shown(twin())).toBe(want);
  },
);

test('numpy() and fromNumpy share memory, and keep it alive', () => {
  const y = torch.zeros(2, 3);
  const array = y.numpy();
  expect(array.shape).toEqual([2, 3]);
  array[4] = 7;
  expect(y.index('1, 1').item()).toBe(7);
  y.fill_(2);
  y.dispose();
  expect([...array]).toEqual([2, 2, 2, 2, 2, 2]);
  const own = Float64Array.of(1, 2, 3, 4);
  const view = torch.fromNumpy(own);
  own[0] = 9;
  expect(view.index(0).item()).toBe(9);
  view.fill_(5);
  expect([...own]).toEqual([5, 5, 5, 5]);
  for (let i = 0; i < 200; i++) torch.fromNumpy(new Float32Array(100_000)).sum();
});

test('numpy() refuses what Python refuses, and force gives it', () => {
  const w = torch.ones(2, { requiresGrad: true });
  expect(() => w.numpy()).toThrow(
    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
  );
  expect([...w.numpy({ force: true })]).toEqual([1, 1]);
  expect(() => torch.ones(2, { dtype: 'bfloat16' }).numpy()).toThrow('Got unsupported ScalarType');
  expect(() => torch.eye(2).toSparse().numpy()).toThrow("can't convert sparse_coo layout");
  expect(() => torch.fromNumpy([1, 2] as never)).toThrow('torch.fromNumpy takes a typed array');
});

test('cuda says what Python says where there is no GPU', () => {
  expect(() => torch.cuda.synchronize()).toThrow(/Torch not compiled with CUDA enabled/);
  expect(() => torch.ones(1).cuda()).toThrow(/CUDA/);
  expect(() => new nn.Linear(1, 1).cuda()).toThrow(/CUDA/);
  expect(() => torch.device('gpu' as never)).toThrow('Expected one of cpu, cuda');
  torch.cuda.manualSeedAll(1);
  torch.cuda.emptyCache();
  torch.backends.cudnn.benchmark = true;
  expect(torch.backends.cudnn.benchmark).toBe(true);
  torch.backends.cudnn.benchmark = false;
});

test.each<[string, () => unknown, RegExp]>([
  // @ts-expect-error: it isn't here, and the types say so.
  ['compile', () => torch.compile(new nn.Linear(1, 1)), /call the model as it is/],
  // @ts-expect-error
  ['onnx', () => torch.onnx.export(), /export there/],
  // @ts-expect-error
  ['DataParallel', () => new nn.DataParallel(new nn.Linear(1, 1)), /call the module itself/],
  // @ts-expect-error
  ['jit', () => torch.jit.script(), /torch\.jit\.load\(path\)/],
  // @ts-expect-error
  ['cuda.CUDAGraph', () => new torch.cuda.CUDAGraph(), /call the model as it is/],
])('%s says why it isn’t here and what to use', (_, use, message) => {
  expect(use).toThrow(message);
});

test('x.size() can be taken apart', () => {
  const [batch, length, width] = torch.zeros(2, 3, 4).size();
  const sum: number = batch + length + width;
  expect(sum).toBe(9);
});

test('a hook’s handle removes it, by remove() and as a function', () => {
  const net = new nn.Linear(1, 1);
  let calls = 0;
  const hook = () => void calls++;
  const first = net.registerForwardHook(hook);
  net.call(torch.ones(1));
  first.remove();
  net.call(torch.ones(1));
  expect(calls).toBe(1);
  const handles = [
    net.registerForwardPreHook(() => undefined),
    net.registerFullBackwardHook(() => undefined),
    net.registerFullBackwardPreHook(() => undefined),
    torch.ones(1, { requiresGrad: true }).registerHook(() => {}),
  ];
  for (const handle of handles) handle();
  for (const handle of handles) handle.remove();
});

test('dictionaries of modules and parameters have their members as properties', () => {
  class Net extends nn.Module {
    layers = new nn.ModuleDict({ conv: new nn.Linear(2, 3), '1': new nn.ReLU() });
    scales = new nn.ParameterDict({ a: torch.ones(2) });
    forward(input: torch.Tensor): torch.Tensor {
      return this.layers.conv.call(input.mul(this.scales.a));
    }
  }
  const net = new Net();
  expect(net.layers['1']).toBeInstanceOf(nn.ReLU);
  expect([...net.stateDict().keys()]).toEqual([
    'layers.conv.weight',
    'layers.conv.bias',
    'scales.a',
  ]);
  expect(net.call(torch.ones(1, 2)).shape).toEqual([1, 3]);
  const copy = net.deepcopy();
  expect(copy.layers.conv).not.toBe(net.layers.conv);
  expect(copy.layers.conv).toBe(copy.layers.get('conv'));
  net.layers.delete('conv');
  expect(net.layers.conv).toBeUndefined();
  net.addModule('extra', new nn.ReLU());
  expect(net.getSubmodule('extra')).toBeInstanceOf(nn.ReLU);
});

test('datasets and samplers are classes to derive from', () => {
  class Squares extends data.Dataset<torch.Tensor> {
    readonly length = 4;
    get(index: number) {
      return torch.tensor(index ** 2);
    }
  }
  class Backwards extends data.Sampler {
    constructor(readonly source: torch.utils.data.Dataset<unknown>) {
      super();
    }
    get length() {
      return this.source.length;
    }
    *[Symbol.iterator]() {
      for (let i = this.length - 1; i >= 0; i--) yield i;
    }
  }
  const squares = new Squares();
  const loader = new data.DataLoader(squares, { batchSize: 3, sampler: new Backwards(squares) });
  expect(Array.from(loader, (batch) => batch.toArray())).toEqual([[9, 4, 1], [0]]);
  expect(squares).toBeInstanceOf(data.Dataset);
  expect(new data.RandomSampler(squares)).toBeInstanceOf(data.Sampler);
});

describe('call has the types of forward', () => {
  type Layer = torch.nn.Module & { forward(input: torch.Tensor): torch.Tensor };
  class Twice extends nn.Module {
    forward(input: torch.Tensor): torch.Tensor {
      return input.mul(2);
    }
    twice(input: torch.Tensor): torch.Tensor {
      return this.call(this.call(input));
    }
  }
  const one = torch.ones(1);

  test('in the class itself and in generic functions', () => {
    const run = <M extends torch.nn.Module>(net: M, input: torch.Tensor): torch.Tensor =>
      net.call(input);
    expect(new Twice().twice(one).item()).toBe(4);
    expect(run(new Twice(), one).item()).toBe(2);
    // @ts-expect-error: a string is not a tensor.
    expect(() => new Twice().call('x')).toThrow();
  });

  test('in a module that wraps any other', async () => {
    class Wrapper<M extends torch.nn.Module> extends nn.Module {
      constructor(readonly module: M) {
        super();
      }
      forward(...args: Parameters<M['forward']>): ReturnType<M['forward']> {
        return this.module.call(...args);
      }
    }
    class Later extends nn.Module {
      async forward(input: torch.Tensor): Promise<torch.Tensor> {
        return input.mul(2);
      }
    }
    const net = new Wrapper(new Wrapper(new Twice()));
    expect(net.call(one).item()).toBe(2);
    expect((await new Wrapper(new Later()).call(one)).item()).toBe(2);
    // @ts-expect-error: a string is not a tensor.
    expect(() => net.call('x')).toThrow();
  });

  test('in an abstract base, whose classes say what a batch is', () => {
    abstract class Task<Batch, Output> extends nn.Module {
      abstract override forward(batch: Batch): Output;
      abstract loss(output: Output, batch: Batch): torch.Tensor;
      step(batch: Batch): torch.Tensor {
        return this.loss(this.call(batch), batch);
      }
    }
    class Difference extends Task<[torch.Tensor, torch.Tensor], { y: torch.Tensor }> {
      forward([x]: [torch.Tensor, torch.Tensor]) {
        return { y: x.mul(3) };
      }
      loss({ y }: { y: torch.Tensor }, [, target]: [torch.Tensor, torch.Tensor]) {
        return y.sub(target);
      }
    }
    expect(new Difference().step([one, one]).item()).toBe(2);
  });

  test('of overloads and of a generic forward', () => {
    class Encoder extends nn.Module {
      forward(input: torch.Tensor): torch.Tensor;
      forward(input: torch.Tensor, withHidden: true): [torch.Tensor, torch.Tensor];
      forward(input: torch.Tensor, withHidden = false) {
        return withHidden ? [input, input] : input;
      }
      both(input: torch.Tensor): torch.Tensor {
        return this.call(input).add(this.call(input, true)[1]);
      }
    }
    class Same extends nn.Module {
      forward<T extends torch.Tensor | Record<string, torch.Tensor>>(value: T): T {
        return value;
      }
    }
    expect(new Encoder().both(one).item()).toBe(2);
    expect(new Same().call({ logits: one }).logits).toBe(one);
    expect(new Same().call(one).item()).toBe(1);
    // @ts-expect-error: the key is another.
    expect(new Same().call({ logits: one }).loss).toBeUndefined();
  });

  test('of a constraint, in mixins too', () => {
    // biome-ignore lint/suspicious/noExplicitAny: a mixin takes any arguments.
    type Class<T> = abstract new (...args: any[]) => T;
    const counting = <C extends Class<torch.nn.Module>>(Base: C) => {
      abstract class Counting extends Base {
        count = 0;
        counted(...args: Parameters<this['forward']>) {
          this.count++;
          return this.call(...args);
        }
      }
      return Counting;
    };
    const clamping = <C extends Class<Layer>>(Base: C) => {
      abstract class Clamping extends Base {
        clamped = (input: torch.Tensor): torch.Tensor => this.call(input).clamp(0, 1);
      }
      return Clamping;
    };
    class Net extends clamping(counting(Twice)) {}
    const net = new Net();
    expect(net.clamped(one).item()).toBe(1);
    expect(net.counted(one).item()).toBe(2);
    const layer: Layer = net;
    // @ts-expect-error: a string is not a tensor.
    expect(() => layer.call('x')).toThrow();
    // @ts-expect-error: a string is not a tensor.
    expect(() => net.call('x')).toThrow();
  });

  test('of one of several modules', () => {
    const last = (
      rnn: torch.nn.LSTM | torch.nn.GRU,
      input: torch.Tensor | torch.nn.utils.rnn.PackedSequence,
    ): torch.Tensor => {
      const [output] = rnn.call(input);
      return output instanceof torch.Tensor ? output : output.data;
    };
    const packed = nn.utils.rnn.packSequence([torch.ones(3, 4)]);
    for (const rnn of [new nn.LSTM(4, 2), new nn.GRU(4, 2)]) {
      const output: torch.Tensor = rnn.call(torch.ones(3, 1, 4))[0];
      expect(last(rnn, torch.ones(3, 4)).shape).toEqual([3, 2]);
      expect(last(rnn, packed)).toEqual(output.squeeze(1));
      // @ts-expect-error: a tensor for a tensor.
      expect(rnn.call(torch.ones(3, 4))[0].batchSizes).toBeUndefined();
    }
  });

  test('as a value', () => {
    const compose =
      <A extends unknown[], B, C>(f: (...args: A) => B, g: (value: B) => C) =>
      (...args: A): C =>
        g(f(...args));
    const net = new Twice();
    const four = compose(net.call.bind(net), net.call.bind(net));
    const input: Parameters<typeof net.call> = [one];
    expect(four(...input).item()).toBe(4);
    // @ts-expect-error: a string is not a tensor.
    expect(() => four('x')).toThrow();
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-names-'));
  const path = (name: string) => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(() => {
    python(
      ['None'],
      `
import argparse, enum
q = torch.quantize_per_tensor(torch.tensor([1., 2.5, -1.]), 0.1, 10, torch.quint8)
c = torch.quantize_per_channel(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([0.1, 0.2]), torch.tensor([0, 5]), 0, torch.qint8)
torch.save({'q': q, 'c': c, 'd': q.dequantize(), 'e': c.dequantize()}, ${JSON.stringify(path('q.pt'))})
torch.save({'typed': torch.arange(3.).storage(), 'bare': torch.arange(3.).untyped_storage(), 'f8': torch.tensor([0.5, 2.]).to(torch.float8_e4m3fn)}, ${JSON.stringify(path('storage.pt'))})
torch.save({'args': argparse.Namespace(lr=0.1, sizes=[1, 2]), 'w': torch.ones(2)}, ${JSON.stringify(path('args.pt'))})
`,
    );
  });

  test('quantised tensors load', () => {
    const { q, c, d, e } = torch.load<Record<string, torch.Tensor>>(path('q.pt'));
    expect(q!.dtype).toBe('quint8');
    expect(q!.dequantize()).toEqual(d);
    expect(c!.dequantize()).toEqual(e);
  });

  test('bare storages load as flat tensors', () => {
    const { typed, bare, f8 } = torch.load<Record<string, torch.Tensor>>(path('storage.pt'));
    expect(typed).toEqual(torch.arange(3, { dtype: 'float32' }));
    expect([bare!.dtype, bare!.shape]).toEqual(['uint8', [12]]);
    expect([f8!.dtype, f8!.float().toArray()]).toEqual(['float8_e4m3fn', [0.5, 2]]);
  });

  test('mapLocation says where tensors go', () => {
    torch.save({ w: torch.ones(2) }, path('w.pt'));
    const at = (mapLocation: torch.serialization.MapLocation) =>
      String(torch.load<{ w: torch.Tensor }>(path('w.pt'), { mapLocation }).w.device);
    expect(at('cpu')).toBe('cpu');
    expect(at(torch.device('cpu'))).toBe('cpu');
    expect(at({ 'cuda:0': 'cpu' })).toBe('cpu');
    expect(at((storage) => storage)).toBe('cpu');
    expect(at('meta')).toBe('meta');
    expect(at({ cpu: 'meta' })).toBe('meta');
    expect(() => torch.load(path('w.pt'), { weightsOnly: false })).toThrow(/addSafeGlobals/);
  });

  test('addSafeGlobals loads objects of one’s own classes', () => {
    class Namespace {
      lr = 0;
    }
    expect(() => torch.load(path('args.pt'))).toThrow(
      /addSafeGlobals\(\[\[MyClass, 'argparse.Namespace'\]\]\)/,
    );
    torch.serialization.addSafeGlobals([[Namespace, 'argparse.Namespace']]);
    const { args } = torch.load<{ args: Namespace }>(path('args.pt'));
    expect(args).toBeInstanceOf(Namespace);
    expect({ ...args }).toEqual({ lr: 0.1, sizes: [1, 2] });
    torch.serialization.clearSafeGlobals();
    expect(() => torch.load(path('args.pt'))).toThrow(/not an allowed global/);
    expect(() => torch.serialization.addSafeGlobals([Namespace as never])).toThrow(/pairs/);
  });
});
