import * as torch from '../../src/torch';
import { bits, python } from './python';

const { nn, optim } = torch;

class Net extends nn.Module {
  conv = new nn.Conv2d(1, 4, 3);
  fc = new nn.Linear(4 * 36, 3);
  forward(x: torch.Tensor) {
    return this.fc.call(torch.flatten(nn.functional.relu(this.conv.call(x)), 1));
  }
}

const pythonNet = `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4 * 36, 3)
    def forward(self, x):
        return self.fc(torch.flatten(F.relu(self.conv(x)), 1))
torch.manual_seed(0)
net = Net()
`;

test('initial parameters, their names and the structure equal Python’s', () => {
  const [names, parameters, text] = python(
    ['",".join(n for n, _ in net.named_parameters())', 'bits(list(net.parameters()))', 'net'],
    pythonNet,
  );
  torch.manualSeed(0);
  const net = new Net();
  expect([...net.namedParameters()].map(([name]) => name).join(',')).toBe(names);
  expect(bits(net.parameters())).toBe(parameters);
  expect(String(net)).toBe(text);
});

test.each([
  ['lr=0.1', { lr: 0.1 }],
  ['lr=0.1, momentum=0.9', { lr: 0.1, momentum: 0.9 }],
  ['lr=0.1, momentum=0.9, nesterov=True', { lr: 0.1, momentum: 0.9, nesterov: true }],
  [
    'lr=0.1, momentum=0.5, dampening=0.3, weight_decay=0.01',
    { lr: 0.1, momentum: 0.5, dampening: 0.3, weightDecay: 0.01 },
  ],
  ['lr=0.1, maximize=True', { lr: 0.1, maximize: true }],
])('five steps of SGD(%s) equal Python’s', (settings, options) => {
  const [want] = python(
    ['bits(list(net.parameters()))'],
    `${pythonNet}
opt = torch.optim.SGD(net.parameters(), ${settings})
x, y = torch.randn(5, 1, 8, 8), torch.tensor([0, 1, 2, 1, 0])
for _ in range(5):
    opt.zero_grad()
    nn.CrossEntropyLoss()(net(x), y).backward()
    opt.step()`,
  );
  torch.manualSeed(0);
  const net = new Net();
  const optimizer = new optim.SGD(net.parameters(), options);
  const x = torch.randn(5, 1, 8, 8);
  const y = torch.tensor([0, 1, 2, 1, 0]);
  const criterion = new nn.CrossEntropyLoss();
  for (let i = 0; i < 5; i++) {
    optimizer.zeroGrad();
    criterion.call(net.call(x), y).backward();
    optimizer.step();
  }
  expect(bits(net.parameters())).toBe(want);
});

test('a state dict goes from one module to another; wrong keys and shapes are refused', () => {
  const [a, b] = [new Net(), new Net()];
  b.loadStateDict(a.stateDict());
  expect(bits(b.parameters())).toBe(bits(a.parameters()));
  const state = a.stateDict();
  state.delete('fc.bias');
  state.set('extra', torch.ones(1));
  expect(() => b.loadStateDict(state)).toThrow(
    /Error\(s\) in loading state_dict for Net:\n\tUnexpected key\(s\) in state_dict: "extra"\. \n\tMissing key\(s\) in state_dict: "fc\.bias"/,
  );
  expect(b.loadStateDict(state, { strict: false })).toEqual({
    missingKeys: ['fc.bias'],
    unexpectedKeys: ['extra'],
  });
  expect(() =>
    b.loadStateDict({ ...Object.fromEntries(a.stateDict()), 'fc.bias': torch.ones(4) }),
  ).toThrow(/size mismatch for fc\.bias: copying a param with shape torch\.Size\(\[4\]\)/);
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
});

test('an optimizer refuses what PyTorch refuses', () => {
  expect(() => new optim.SGD([])).toThrow('optimizer got an empty parameter list');
  expect(() => new optim.SGD([torch.ones(1)], { lr: -1 })).toThrow('Invalid learning rate: -1');
});
