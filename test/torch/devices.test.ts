import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import * as torch from 'tandem-torch';
import '../outside';
import { examplesOf } from './examples';

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
