import * as torch from 'tandem-torch';
import { cases } from '../../src/parity/nn';
import { tensorsIn } from '../../src/parity/nn/digest';
import { bits, python } from './python';

const { nn, optim } = torch;

class Net extends nn.Module {
  conv = new nn.Conv2d(1, 4, 3);
  fc = new nn.Linear(4 * 36, 3);
  forward(x: torch.Tensor) {
    return this.fc.call(torch.flatten(nn.functional.relu(this.conv.call(x)), 1));
  }
}

/** One property of each kind, named as a person names them. */
class Named extends nn.Module {
  convBlock = new nn.Sequential({ convOne: new nn.Conv1d(1, 2, 3), norm: new nn.BatchNorm1d(2) });
  rnn = new nn.LSTM(2, 3, { bidirectional: true, projSize: 1 });
  cell = new nn.GRUCell(2, 3);
  list = new nn.ModuleList([new nn.Linear(1, 1), new nn.Linear(1, 1)]);
  dict = new nn.ModuleDict({ b: new nn.Linear(1, 1), 1: new nn.PReLU() });
  weights = new nn.ParameterList([torch.zeros(2)]);
  named = new nn.ParameterDict({ z: torch.zeros(1), a: torch.zeros(1) });
  myScale = new nn.Parameter(torch.ones(1));
  constructor() {
    super();
    this.registerBuffer('myBuffer', torch.ones(1));
    this.registerBuffer('scratch', torch.ones(1), { persistent: false });
  }
  forward() {}
}

const pythonTwins = `
from collections import OrderedDict
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4 * 36, 3)
    def forward(self, x):
        return self.fc(torch.flatten(F.relu(self.conv(x)), 1))
class Named(nn.Module):
    def __init__(self):
        super().__init__()
        self.convBlock = nn.Sequential(OrderedDict(convOne=nn.Conv1d(1, 2, 3), norm=nn.BatchNorm1d(2)))
        self.rnn = nn.LSTM(2, 3, bidirectional=True, proj_size=1)
        self.cell = nn.GRUCell(2, 3)
        self.list = nn.ModuleList([nn.Linear(1, 1), nn.Linear(1, 1)])
        self.dict = nn.ModuleDict({'1': nn.PReLU(), 'b': nn.Linear(1, 1)})
        self.weights = nn.ParameterList([torch.zeros(2)])
        self.named = nn.ParameterDict({'z': torch.zeros(1), 'a': torch.zeros(1)})
        self.myScale = nn.Parameter(torch.ones(1))
        self.register_buffer('myBuffer', torch.ones(1))
        self.register_buffer('scratch', torch.ones(1), persistent=False)
def attempt(harm):
    state = Net().state_dict()
    harm(state)
    try:
        Net().load_state_dict(state)
    except RuntimeError as error:
        return error
torch.manual_seed(0)
net = Net()
named = Named()
`;

const broken: [what: string, harm: string, break_: (state: Map<string, torch.Tensor>) => void][] = [
  [
    'missing and unexpected keys',
    "state.pop('fc.bias'), state.update({'extra': torch.ones(1), 'conv.a.b': torch.ones(1)})",
    (state) => {
      state.delete('fc.bias');
      state.set('extra', torch.ones(1)).set('conv.a.b', torch.ones(1));
    },
  ],
  [
    'a wrong shape',
    "state.update({'fc.bias': torch.ones(4)})",
    (state) => void state.set('fc.bias', torch.ones(4)),
  ],
  [
    'all of it',
    "state.pop('conv.weight'), state.update({'x.y': torch.ones(1), 'fc.weight': torch.ones(3)})",
    (state) => {
      state.delete('conv.weight');
      state.set('x.y', torch.ones(1)).set('fc.weight', torch.ones(3));
    },
  ],
];

const [
  parameterNames,
  parameters,
  structure,
  namedKeys,
  namedBuffers,
  namedStructure,
  printed,
  ...refusals
] = python(
  [
    '",".join(n for n, _ in net.named_parameters())',
    'bits(list(net.parameters()))',
    'net',
    '",".join(named.state_dict())',
    '",".join(n for n, _ in named.named_buffers())',
    'named',
    'nn.Parameter(torch.tensor([[1.0, 2.5]]))',
    ...broken.map(([, harm]) => `attempt(lambda state: (${harm}))`),
  ],
  pythonTwins,
);

test('initial parameters, their names and the structure equal Python’s', () => {
  torch.manualSeed(0);
  const net = new Net();
  expect(Array.from(net.namedParameters(), ([name]) => name).join()).toBe(parameterNames);
  expect(bits(net.parameters())).toBe(parameters);
  expect(String(net)).toBe(structure);
});

test('new parameters and buffers have Python’s versions, and are the same again after resetParameters', () => {
  const modules: Record<string, () => torch.nn.Module & { resetParameters(): void }> = {
    'nn.Linear(2, 3)': () => new nn.Linear(2, 3),
    'nn.Conv2d(1, 2, 3)': () => new nn.Conv2d(1, 2, 3),
    'nn.Embedding(3, 2, padding_idx=0)': () => new nn.Embedding(3, 2, { paddingIdx: 0 }),
    'nn.BatchNorm1d(2)': () => new nn.BatchNorm1d(2),
    'nn.BatchNorm2d(2, affine=False)': () => new nn.BatchNorm2d(2, { affine: false }),
    'nn.InstanceNorm1d(2, affine=True)': () => new nn.InstanceNorm1d(2, { affine: true }),
    'nn.LayerNorm(2, bias=False)': () => new nn.LayerNorm(2, { bias: false }),
    'nn.LayerNorm([2, 3])': () => new nn.LayerNorm([2, 3]),
    'nn.GroupNorm(1, 2)': () => new nn.GroupNorm(1, 2),
    'nn.RMSNorm(2)': () => new nn.RMSNorm(2),
    'nn.PReLU(2, init=0.5)': () => new nn.PReLU(2, { init: 0.5 }),
    'nn.GRU(2, 3)': () => new nn.GRU(2, 3),
    'nn.LSTMCell(2, 3)': () => new nn.LSTMCell(2, 3),
    'nn.Bilinear(2, 2, 2)': () => new nn.Bilinear(2, 2, 2),
  };
  const want = python(
    Object.keys(modules).map((code) => `start(lambda: ${code})`),
    `
def start(make):
    torch.manual_seed(3)
    module = make()
    tensors = [*module.parameters(), *module.buffers()]
    versions = [x._version for x in tensors]
    module.reset_parameters()
    return ' '.join(map(str, [*versions, *map(bits, tensors)]))`,
  );
  const found = Object.values(modules).map((make) => {
    torch.manualSeed(3);
    const module = make();
    const tensors = [...module.parameters(), ...module.buffers()];
    const versions = tensors.map((x) => x._version);
    module.resetParameters();
    return [...versions, ...tensors.map(bits)].join(' ');
  });
  expect(found).toEqual(want);
});

test('names in state dicts are PyTorch’s for its modules and one’s own for the rest', () => {
  const net = new Named();
  expect([...net.stateDict().keys()].join()).toBe(namedKeys);
  expect(Array.from(net.namedBuffers(), ([name]) => name).join()).toBe(namedBuffers);
  expect(String(net)).toBe(namedStructure);
});

test('a parameter prints as Python’s', () => {
  expect(String(new nn.Parameter(torch.tensor([[1, 2.5]])))).toBe(printed);
});

test('a state dict goes from one module to another', () => {
  const [a, b] = [new Net(), new Net()];
  b.loadStateDict(a.stateDict());
  expect(bits(b.parameters())).toBe(bits(a.parameters()));
});

test.each(broken.map(([what, , break_], i) => [what, break_, refusals[i]!] as const))(
  'loading refuses %s in PyTorch’s words and changes nothing',
  (_, break_, want) => {
    const net = new Net();
    const state = new Net().stateDict();
    break_(state);
    const before = bits(net.parameters());
    expect(() => net.loadStateDict(state)).toThrow(new Error(want));
    expect(bits(net.parameters())).toBe(before);
  },
);

test('loading that is not strict reports the leftover keys', () => {
  const state = new Net().stateDict();
  state.delete('fc.bias');
  state.set('extra', torch.ones(1));
  expect(new Net().loadStateDict(state, { strict: false })).toEqual({
    missingKeys: ['fc.bias'],
    unexpectedKeys: ['extra'],
  });
});

test('parts are found by their names', () => {
  const net = new Named();
  expect(net.getSubmodule('convBlock.norm')).toBe(net.convBlock.at(1));
  expect(net.getSubmodule('')).toBe(net);
  expect(net.getParameter('rnn.weight_ih_l0_reverse')).toBe(net.rnn.weightIhL0Reverse);
  expect(net.getParameter('dict.b.bias').shape).toEqual([1]);
  expect(net.getBuffer('convBlock.norm.running_mean').shape).toEqual([2]);
  expect(() => net.getSubmodule('convBlock.nothing')).toThrow(
    'Sequential has no attribute `nothing`',
  );
  expect(() => net.getSubmodule('myScale')).toThrow('`myScale` is not an nn.Module');
  expect(() => net.getParameter('list')).toThrow('`list` is not an nn.Parameter');
  expect(() => net.getBuffer('myScale')).toThrow('`myScale` is not a buffer');
});

test('invalid names are rejected', () => {
  const net = new Named();
  expect(() => net.registerModule('a.b', new nn.ReLU())).toThrow(
    'module name can\'t contain ".", got: a.b',
  );
  expect(() => net.registerParameter('', null)).toThrow('parameter name can\'t be empty string ""');
  expect(() => net.registerBuffer('forward', torch.ones(1))).toThrow(
    "attribute 'forward' already exists",
  );
  expect(() => new nn.ModuleDict({ keys: new nn.ReLU() })).toThrow(
    "attribute 'keys' already exists",
  );
});

test('what is held twice is learnt once and saved under both names', () => {
  class Tied extends nn.Module {
    one = new nn.Linear(2, 2, { bias: false });
    two = this.one;
    weight = this.one.weight;
    forward() {}
  }
  const net = new Tied();
  expect(net.parameters()).toHaveLength(1);
  expect([...net.stateDict().keys()]).toEqual(['weight', 'one.weight', 'two.weight']);
  expect(net.children()).toHaveLength(1);
  const copy = net.deepcopy();
  expect(copy.two).toBe(copy.one);
  expect(copy.weight).toBe(copy.one.weight);
  expect(copy.weight).not.toBe(net.weight);
});

test('a copy is equal and independent', () => {
  const net = new Named();
  const copy = net.deepcopy();
  expect(bits([...copy.stateDict().values()])).toBe(bits([...net.stateDict().values()]));
  expect(String(copy)).toBe(String(net));
  const x = torch.randn(4, 2, 2);
  expect(bits(copy.rnn.call(x).flat())).toBe(bits(net.rnn.call(x).flat()));
  nn.init.zeros_(copy.myScale);
  expect(net.myScale.item()).toBe(1);
});

test('a copy of any module computes what the module computes', () => {
  const threads = torch.getNumThreads();
  torch.setNumThreads(1);
  const different = cases.filter((of) => {
    if (!('inputs' in of)) return false;
    const { module, inputs } = of.typescript();
    const given = inputs();
    const run = (net: torch.nn.Module) => {
      torch.manualSeed(0);
      return bits(tensorsIn(net.call(...given)));
    };
    return torch.noGrad(() => run(module.eval().deepcopy()) !== run(module));
  });
  torch.setNumThreads(threads);
  expect(different.map((of) => of.python)).toEqual([]);
});

test('a weight can be shared', () => {
  class Tied extends nn.Module {
    embedding = new nn.Embedding(5, 3);
    out = new nn.Linear(3, 5, { bias: false });
    constructor() {
      super();
      this.out.weight = this.embedding.weight;
    }
    forward(x: torch.Tensor): torch.Tensor {
      return this.out.call(this.embedding.call(x));
    }
  }
  const net = new Tied();
  expect(net.parameters().length).toBe(1);
  net
    .call(torch.tensor([1]))
    .sum()
    .backward();
  expect(net.embedding.weight.grad?.shape).toEqual([5, 3]);
});

test('rows of modules grow, shrink and are renamed by place', () => {
  const [a, b, c, d] = [1, 2, 3, 4].map((n) => new nn.Linear(n, n)) as torch.nn.Linear[];
  const row = new nn.Sequential(a!, b!).append(d!).insert(2, c!);
  expect([...row]).toEqual([a, b, c, d]);
  expect(row[2]).toBe(c);
  expect(row.pop(-3)).toBe(b);
  expect(Array.from(row.namedChildren(), ([name]) => name)).toEqual(['0', '1', '2']);
  expect([...row.slice(1)]).toEqual([c, d]);
  expect(() => row.insert(5, a!)).toThrow('Index out of range: 5');
  expect(() => row.pop(3)).toThrow('index 3 is out of range');
  expect(new nn.ModuleList([a!]).extend([b!, c!])).toHaveLength(3);
});

test('hooks, train and eval, conversion', () => {
  const net = new Net();
  const seen: string[] = [];
  const remove = net.fc.registerForwardHook((module, _, output) => {
    seen.push(module.constructor.name);
    return output.mul(0);
  });
  expect(
    net
      .call(torch.randn(1, 1, 8, 8))
      .abs()
      .sum()
      .item(),
  ).toBe(0);
  remove();
  net.call(torch.randn(1, 1, 8, 8));
  expect(seen).toEqual(['Linear']);
  expect(net.eval().fc.training).toBe(false);
  expect(net.double().fc.weight.dtype).toBe('float64');
  expect(() => net.to('int64')).toThrow(
    'nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.int64',
  );
});

test('a conversion takes gradients and floating buffers along, and leaves whole numbers', () => {
  const net = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2));
  net.call(torch.randn(3, 2)).sum().backward();
  net.to({ dtype: 'bfloat16' });
  expect(net.parameters().map(({ dtype, grad }) => [dtype, grad?.dtype])).toEqual(
    Array(4).fill(['bfloat16', 'bfloat16']),
  );
  expect(net.buffers().map(({ dtype }) => dtype)).toEqual(['bfloat16', 'bfloat16', 'int64']);
  net.float().zeroGrad({ setToNone: false });
  expect(net.parameters().map(({ grad }) => grad?.abs().sum().item())).toEqual([0, 0, 0, 0]);
  net.zeroGrad();
  expect(net.parameters().every(({ grad }) => grad === null)).toBe(true);
});

test('an optimizer refuses what PyTorch refuses', () => {
  expect(() => new optim.SGD([])).toThrow('optimizer got an empty parameter list');
  expect(() => new optim.SGD([torch.ones(1)], { lr: -1 })).toThrow('Invalid learning rate: -1');
});
