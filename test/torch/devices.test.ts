import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import * as torch from 'tandem-torch';
import '../outside';
import { examplesOf } from './examples';
import { python } from './python';

afterEach(() => torch.setDefaultDevice(null));

test('the example in the docs trains on a GPU, or on the CPU where there is none', () => {
  const example = examplesOf('GPUs');
  try {
    const said = execFileSync(process.execPath, ['device.js'], { cwd: example, encoding: 'utf8' });
    const { device, peak, first, last } = JSON.parse(said);
    expect(device).toBe(torch.cuda.isAvailable() ? 'cuda' : 'cpu');
    expect(peak > 0).toBe(device === 'cuda');
    expect(last).toBeLessThan(first);
  } finally {
    rmSync(example, { recursive: true });
  }
}, 60_000);

test('a default device is this thread’s, and yields to one that is named', () => {
  torch.setDefaultDevice('meta');
  expect(torch.rand([2], { generator: null }).device.type).toBe('meta');
  expect(torch.rand(2, { device: 'cpu' }).device.type).toBe('cpu');
  expect(torch.asTensor(torch.ones(1, { device: 'cpu' })).device.type).toBe('meta');
  expect(new torch.nn.Conv2d(1, 2, 3).weight.isMeta).toBe(true);
  expect(() => torch.zeros([2], { out: torch.ones(2, { device: 'cpu' }) })).toThrow(
    'device meta does not match device of out parameter (cpu)',
  );
  torch.setDefaultDevice(null);
  expect(torch.rand(2).device.type).toBe('cpu');
});

test('batches stay as they are where nothing can pin them, and a warning says so', () => {
  if (torch.accelerator.isAvailable()) return;
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const loader = new torch.utils.data.DataLoader([1, 2, 3], { batchSize: 2, pinMemory: true });
  expect([...loader].map((batch) => (batch as torch.Tensor).toArray())).toEqual([[1, 2], [3]]);
  expect(warn.mock.calls.map(([text]) => text)).toEqual([
    "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.",
  ]);
  warn.mockRestore();
});

test('a generator says where it draws, and its copy draws the same', () => {
  const generator = new torch.Generator('cpu').manualSeed(3);
  const copy = generator.cloneState();
  expect(generator.device).toBe(torch.device('cpu'));
  expect(torch.rand([3], { generator }).equal(torch.rand([3], { generator: copy }))).toBe(true);
  expect(generator.seed()).toBe(generator.initialSeed());
  expect(() => new torch.Generator('gpu' as torch.Device)).toThrow('Expected one of cpu, cuda');
});

test('a module goes where Python’s goes, by every way to say so', () => {
  const { nn } = torch;
  const about = (net: torch.nn.Module) =>
    net.parameters().map((p) => [String(p.device), p.dtype, p.stride().join(' ')].join());
  const conv = () => new nn.Sequential(new nn.Conv2d(2, 3, 3), new nn.Linear(1, 1));
  const like = torch.zeros(1, { dtype: 'float64' });
  const ways: Record<string, () => string[]> = {
    "conv().to('meta')": () => about(conv().to('meta')),
    "conv().to('meta', torch.float64)": () => about(conv().to('meta', 'float64')),
    "conv().to('meta', torch.float16, True)": () =>
      about(conv().to('meta', 'float16', { nonBlocking: true })),
    "conv().to(device='meta', dtype=torch.float16)": () =>
      about(conv().to({ device: 'meta', dtype: 'float16' })),
    'conv().to(torch.float64)': () => about(conv().to('float64')),
    'conv().to(torch.zeros(1, dtype=torch.float64))': () => about(conv().to(like)),
    "conv().to('cpu', non_blocking=True)": () => about(conv().to('cpu', { nonBlocking: true })),
    'conv().to(memory_format=torch.channels_last)': () =>
      about(conv().to({ memoryFormat: 'channels_last' })),
    'conv().half().cpu()': () => about(conv().half().cpu()),
  };
  const setUp = `
def conv(): return nn.Sequential(nn.Conv2d(2, 3, 3), nn.Linear(1, 1))
def about(net): return '; '.join(','.join([str(p.device), str(p.dtype)[6:], ' '.join(map(str, p.stride()))]) for p in net.parameters())
def said(run):
    try: run()
    except Exception as e: return f'{type(e).__name__}: {e}'`;
  const refused = "said(lambda: conv().to('meta').to('cpu'))";
  const asked = [...Object.keys(ways).map((way) => `about(${way})`), refused];
  const answers = python(asked, setUp);
  expect(Object.values(ways).map((way) => way().join('; '))).toEqual(answers.slice(0, -1));
  let message = '';
  try {
    conv().to('meta').to('cpu');
  } catch (error) {
    message = `${(error as torch.TorchError).code}: ${(error as Error).message}`;
  }
  expect(message).toBe(answers.at(-1));
});
