import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { nn } = torch;
type Gradients = (torch.Tensor | null)[];

/** Written as Python's `bits` writes them, null as None. */
const text = (gradients: Gradients) => gradients.map((g) => (g ? bits(g) : 'None')).join(' ');

class Two extends nn.Module {
  fc = new nn.Linear(3, 2);
  forward(x: torch.Tensor, y: torch.Tensor, scale: number): [torch.Tensor, torch.Tensor] {
    return [this.fc.call(x), y.mul(scale)];
  }
}

const want = python(
  ['plain()', 'changed()', 'frozen()', 'second()'],
  `
class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)
    def forward(self, x, y, scale):
        return self.fc(x), y * scale
def start():
    torch.manual_seed(4)
    return Two(), torch.randn(2, 3, requires_grad=True), torch.randn(2, requires_grad=True)
def finish(net, x, y, log):
    a, b = net(x, y, 3)
    (a.pow(2).sum() + b.pow(3).sum()).backward()
    return ' | '.join([*log, bits([x.grad, y.grad, net.fc.weight.grad])])
def plain():
    net, x, y = start()
    log = []
    net.register_full_backward_pre_hook(lambda m, out: log.append('before ' + bits(out)))
    net.register_full_backward_hook(lambda m, i, o: log.append('after ' + bits(i) + ' of ' + bits(o)))
    return finish(net, x, y, log)
def changed():
    net, x, y = start()
    net.register_full_backward_pre_hook(lambda m, out: (out[0] * 2, out[1]))
    net.register_full_backward_hook(lambda m, i, o: (i[0] + 1, i[1] * 2, None))
    return finish(net, x, y, [])
def frozen():
    net, x, y = start()
    log = []
    net.fc.register_full_backward_hook(lambda m, i, o: log.append(bits(i) + ' of ' + bits(o)))
    return finish(net, x.requires_grad_(False), y, log)
def second():
    net, x, y = start()
    log = []
    net.fc.register_full_backward_hook(lambda m, i, o: log.append('fc ' + bits(i)))
    handle = net.register_full_backward_hook(lambda m, i, o: log.append('net ' + bits(i)))
    first = finish(net, x, y, log)
    handle.remove()
    return first + finish(net, x, y, [])
`,
);

function start() {
  torch.manualSeed(4);
  const net = new Two();
  const x = torch.randn(2, 3, { requiresGrad: true });
  return { net, x, y: torch.randn(2, { requiresGrad: true }) };
}

function finish(net: Two, x: torch.Tensor, y: torch.Tensor, log: string[]): string {
  const [a, b] = net.call(x, y, 3);
  a.pow(2).sum().add(b.pow(3).sum()).backward();
  return [...log, text([x.grad, y.grad, net.fc.weight.grad])].join(' | ');
}

test('full backward hooks see the gradients that Python’s see, in the same order', () => {
  const { net, x, y } = start();
  const log: string[] = [];
  net.registerFullBackwardPreHook((_, out) => void log.push(`before ${text(out)}`));
  net.registerFullBackwardHook((module, gradIn, gradOut) => {
    expect(module).toBe(net);
    log.push(`after ${text(gradIn)} of ${text(gradOut)}`);
  });
  expect(finish(net, x, y, log)).toBe(want[0]);
});

test('what full backward hooks return replaces the gradients', () => {
  const { net, x, y } = start();
  net.registerFullBackwardPreHook((_, [a, b]) => [a!.mul(2), b!]);
  net.registerFullBackwardHook((_, [a, b]) => [a!.add(1), b!.mul(2), null]);
  expect(finish(net, x, y, [])).toBe(want[1]);
});

test('a full backward hook runs where no input wants a gradient', () => {
  const { net, x, y } = start();
  const log: string[] = [];
  net.fc.registerFullBackwardHook((_, gradIn, gradOut) => {
    log.push(`${text(gradIn)} of ${text(gradOut)}`);
  });
  expect(finish(net, x.requiresGrad_(false), y, log)).toBe(want[2]);
});

test('full backward hooks nest and are removed', () => {
  const { net, x, y } = start();
  const log: string[] = [];
  net.fc.registerFullBackwardHook((_, gradIn) => void log.push(`fc ${text(gradIn)}`));
  const remove = net.registerFullBackwardHook((_, gradIn) => void log.push(`net ${text(gradIn)}`));
  const first = finish(net, x, y, log);
  remove();
  expect(first + finish(net, x, y, [])).toBe(want[3]);
});

test('a full backward hook that returns too few gradients is refused', () => {
  const { net, x, y } = start();
  net.registerFullBackwardHook(() => [null]);
  expect(() => finish(net, x, y, [])).toThrow(
    'Backward hook returned an invalid number of grad_input, got 1, but expected 3',
  );
});

test('forward hooks see and replace arguments and outputs, each until it is removed', () => {
  const layer = new nn.Linear(2, 2);
  const x = torch.ones(1, 2);
  const plain = layer.call(x);
  const removers = [
    layer.registerForwardPreHook((_, [input]) => [input.mul(2)]),
    layer.registerForwardHook((_, [input], output) => {
      expect(input.equal(x.mul(2))).toBe(true);
      return output.add(1);
    }),
  ];
  expect(layer.call(x).equal(layer.forward(x.mul(2)).add(1))).toBe(true);
  for (const remove of removers) remove();
  expect(layer.call(x).equal(plain)).toBe(true);
});
