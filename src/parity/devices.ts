import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as torch from 'tandem-torch';
import { runPython, torchPython } from './python';
import type { Suite } from './suite';

const { nn, cuda, accelerator } = torch;

/** Where the work goes: a GPU if there is one. */
const place = () => (cuda.isAvailable() ? 'cuda' : 'cpu');

/** Runs a function with another default device. */
function withDefault<T>(device: torch.Device, fn: () => T): T {
  torch.setDefaultDevice(device);
  try {
    return fn();
  } finally {
    torch.setDefaultDevice(null);
  }
}

const made = (make: () => torch.Tensor) => () => withDefault('meta', make).device;

/** The gradients that hooks see, and a gradient that one has changed. */
function hooked(): number[][] {
  const seen: number[][] = [];
  const x = torch.ones(2, { device: place(), requiresGrad: true });
  const y = x.mul(3);
  y.registerHook((gradient) => {
    seen.push(gradient.toArray() as number[]);
    return gradient.mul(2);
  });
  x.registerPostAccumulateGradHook((leaf) => void seen.push(leaf.grad!.toArray() as number[]));
  y.sum().backward();
  return seen;
}

/** A product that a stream of its own computes, and that another waits for. */
function inStream(): number {
  const x = torch.full([64, 64], { float: 2 }, { device: place() });
  if (!cuda.isAvailable()) return x.matmul(x).sum().item();
  const side = new cuda.Stream();
  side.waitStream(cuda.currentStream());
  const product = cuda.stream(side, () => x.matmul(x));
  cuda.currentStream().waitStream(side);
  product.recordStream(cuda.currentStream());
  return product.sum().item();
}

/** Where a tensor is that was saved and loaded, and its elements. */
function saved(): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-devices-'));
  try {
    const file = join(folder, 'x.pt');
    torch.save({ x: torch.arange(4, { device: place() }).view(2, 2).t() }, file);
    return torch.load<{ x: torch.Tensor }>(file).x;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The losses and scales of a training in mixed precision, with scaled losses and an infinite one. */
function mixed(): number[] {
  torch.manualSeed(0);
  const device = place();
  const net = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Linear(16, 4)).to(
    device,
  );
  const optimizer = new torch.optim.AdamW(net.parameters(), { lr: 0.01 });
  const scaler = new torch.amp.GradScaler(device, { growthInterval: 3 });
  const [x, y] = [torch.randn(32, 8), torch.randint(4, [32])];
  const seen: number[] = [];
  for (let step = 0; step < 8; step++) {
    optimizer.zeroGrad();
    const loss = torch.autocast(device, () =>
      nn.functional.crossEntropy(net.call(x.to(device)), y.to(device)),
    );
    scaler.scale(step === 5 ? loss.mul(Number.POSITIVE_INFINITY) : loss).backward();
    scaler.step(optimizer);
    scaler.update();
    seen.push(loss.item(), scaler.getScale());
  }
  return seen;
}

/** What Python is asked, and the same here. Functions without a module are those of src/parity/python/devices.py. */
const questions: Readonly<Record<string, () => unknown>> = {
  // The devices there are, and what is said where there are none.
  "torch.zeros(1, device='cuda')": () => torch.zeros(1, { device: 'cuda' }),
  "torch.tensor([1.0], device='cuda')": () => torch.tensor([{ float: 1 }], { device: 'cuda' }),
  'torch.zeros(1).cuda()': () => torch.zeros(1).cuda(),
  "torch.zeros(1).to('cuda')": () => torch.zeros(1).to('cuda'),
  "torch.zeros(1).to(device='cuda:0', dtype=torch.int64)": () =>
    torch.zeros(1).to({ device: 'cuda:0', dtype: 'int64' }),
  "torch.empty_like(torch.zeros(1), device='cuda').device": () =>
    torch.emptyLike(torch.zeros(1), { device: 'cuda' }).device,
  "torch.zeros(1).new_zeros(1, device='cuda')": () =>
    torch.zeros(1).newZeros([1], { device: 'cuda' }),
  'torch.nn.Linear(1, 1).cuda().weight.device': () => new nn.Linear(1, 1).cuda().weight.device,
  "torch.nn.Linear(1, 1, device='cuda').weight.device": () =>
    new nn.Linear(1, 1, { device: 'cuda' }).weight.device,
  "torch.nn.Linear(1, 1).to('cuda').weight.device": () =>
    new nn.Linear(1, 1).to('cuda').weight.device,
  "torch.device('cuda')": () => torch.device('cuda'),
  'torch.zeros(1).get_device()': () => torch.zeros(1).getDevice(),
  'torch.cuda.is_available()': () => cuda.isAvailable(),
  'torch.cuda.device_count()': () => cuda.deviceCount(),
  'torch.cuda.init()': () => cuda.init(),
  'torch.cuda.current_device()': () => cuda.currentDevice(),
  "torch.cuda.set_device('cpu')": () => cuda.setDevice('cpu'),
  "torch.cuda.set_device('cuda')": () => cuda.setDevice('cuda'),
  'torch.cuda.get_device_name()': () => cuda.getDeviceName(),
  'torch.cuda.get_device_name(0)': () => cuda.getDeviceName(0),
  'torch.cuda.get_device_capability()': () => cuda.getDeviceCapability(),
  'torch.cuda.get_device_properties(100).name': () => cuda.getDeviceProperties(100).name,
  'torch.cuda.get_device_properties().total_memory': () => cuda.getDeviceProperties().totalMemory,
  'torch.cuda.get_device_properties().multi_processor_count': () =>
    cuda.getDeviceProperties().multiProcessorCount,
  'torch.cuda.get_device_properties().L2_cache_size': () => cuda.getDeviceProperties().L2CacheSize,
  'str(torch.cuda.get_device_properties().uuid)': () => cuda.getDeviceProperties().uuid,
  'torch.cuda.is_bf16_supported()': () => cuda.isBf16Supported(),
  'torch.cuda.is_tf32_supported()': () => cuda.isTf32Supported(),
  'torch.cuda.get_arch_list() if torch.cuda.is_available() else []': () => cuda.getArchList(),
  'torch.cuda.synchronize()': () => cuda.synchronize(),
  'torch.cuda.can_device_access_peer(0, 0)': () => cuda.canDeviceAccessPeer(0, 0),
  'torch.backends.cuda.is_built()': () => torch.backends.cuda.isBuilt(),
  'torch.backends.cudnn.is_available()': () => torch.backends.cudnn.isAvailable(),
  'torch.backends.cudnn.version()': () => torch.backends.cudnn.version(),
  // Streams and events.
  'torch.cuda.current_stream().device': () => cuda.currentStream().device,
  'torch.cuda.current_stream() == torch.cuda.default_stream()': () =>
    cuda.currentStream().equals(cuda.defaultStream()),
  'torch.cuda.Stream().query()': () => new cuda.Stream().query(),
  "torch.Stream('cuda').query()": () => new torch.Stream('cuda').query(),
  'torch.cuda.Event().query()': () => new cuda.Event().query(),
  'torch.cuda.Event().record()': () => new cuda.Event().record(),
  'torch.cuda.Event().elapsed_time(torch.cuda.Event())': () =>
    new cuda.Event().elapsedTime(new cuda.Event()),
  // Memory.
  'torch.cuda.memory_reserved() > 0': () => cuda.memoryReserved() > 0,
  'torch.cuda.empty_cache()': () => cuda.emptyCache(),
  'sorted(torch.cuda.memory_stats())': () =>
    [...cuda.memoryStats().keys()].filter((name) => !newer(name)),
  'torch.cuda.mem_get_info()[1]': () => cuda.memGetInfo()[1],
  'torch.zeros(1).is_pinned()': () => torch.zeros(1).isPinned(),
  'torch.zeros(1).pin_memory().is_pinned()': () => torch.zeros(1).pinMemory().isPinned(),
  // Random numbers.
  'torch.cuda.manual_seed(3)': () => cuda.manualSeed(3),
  'torch.cuda.manual_seed_all(3)': () => cuda.manualSeedAll(3),
  'torch.cuda.initial_seed()': () => cuda.initialSeed(),
  'torch.cuda.get_rng_state()': () => cuda.getRngState(),
  'len(torch.cuda.get_rng_state_all())': () => cuda.getRngStateAll().length,
  "torch.Generator('cuda').manual_seed(5).initial_seed()": () =>
    new torch.Generator('cuda').manualSeed(5).initialSeed(),
  "torch.randn(3, device='cuda')": () => torch.randn([3], { device: 'cuda' }),
  'torch.Generator().device': () => new torch.Generator().device,
  'torch.Generator().manual_seed(5).clone_state().initial_seed()': () =>
    new torch.Generator().manualSeed(5).cloneState().initialSeed(),
  'torch.Generator().get_offset()': () => new torch.Generator().getOffset(),
  'torch.randn(3, generator=torch.Generator(place()).manual_seed(7), device=place())': () =>
    torch.randn([3], {
      generator: new torch.Generator(place()).manualSeed(7),
      device: place(),
    }),
  // Whichever accelerator there is.
  'torch.accelerator.is_available()': () => accelerator.isAvailable(),
  'torch.accelerator.current_accelerator()': () => accelerator.currentAccelerator(),
  'torch.accelerator.device_count()': () => accelerator.deviceCount(),
  'torch.accelerator.current_device_index()': () => accelerator.currentDeviceIndex(),
  'torch.accelerator.synchronize()': () => accelerator.synchronize(),
  // The default device.
  'torch.get_default_device()': () => torch.getDefaultDevice(),
  "with_default('cuda', lambda: torch.zeros(1))": () => withDefault('cuda', () => torch.zeros(1)),
  "with_default('meta', lambda: torch.get_default_device())": () =>
    withDefault('meta', torch.getDefaultDevice),
  "with_default('meta', lambda: torch.zeros(2)).device": made(() => torch.zeros(2)),
  "with_default('meta', lambda: torch.zeros(2, device='cpu')).device": made(() =>
    torch.zeros(2, { device: 'cpu' }),
  ),
  "with_default('meta', lambda: torch.tensor([1, 2])).device": made(() => torch.tensor([1, 2])),
  "with_default('meta', lambda: torch.as_tensor([1, 2])).device": made(() =>
    torch.asTensor([1, 2]),
  ),
  "with_default('meta', lambda: torch.Tensor([1, 2])).device": made(() => new torch.Tensor([1, 2])),
  "with_default('meta', lambda: torch.Tensor(2)).device": made(() => new torch.Tensor(2)),
  "with_default('meta', lambda: torch.randn(2, 3)).device": made(() => torch.randn(2, 3)),
  "with_default('meta', lambda: torch.arange(3)).device": made(() => torch.arange(3)),
  "with_default('meta', lambda: torch.eye(2)).device": made(() => torch.eye(2)),
  "with_default('meta', lambda: torch.fft.fftfreq(4)).device": made(() => torch.fft.fftfreq(4)),
  "with_default('meta', lambda: torch.hann_window(4)).device": made(() => torch.hannWindow(4)),
  "with_default('meta', lambda: torch.signal.windows.hann(4)).device": made(() =>
    torch.signal.windows.hann(4),
  ),
  "with_default('meta', lambda: torch.full((2,), 1.5)).device": made(() => torch.full([2], 1.5)),
  "with_default('meta', lambda: torch.zeros_like(torch.ones(2, device='cpu'))).device": made(() =>
    torch.zerosLike(torch.ones(2, { device: 'cpu' })),
  ),
  "with_default('meta', lambda: torch.nn.LSTM(2, 3).weight_hh_l0).device": made(
    () => new nn.LSTM(2, 3).stateDict().get('weight_hh_l0')!,
  ),
  "with_default('meta', lambda: torch.nn.BatchNorm1d(2).running_mean).device": made(
    () => new nn.BatchNorm1d(2).runningMean!,
  ),
  "with_default('meta', lambda: torch.from_numpy(np.zeros(2))).device": made(() =>
    torch.fromNumpy(new Float64Array(2)),
  ),
  "with_default('gpu', lambda: None)": () => withDefault('gpu' as never, () => null),
  // Work, on a GPU if there is one.
  'torch.arange(6.0, device=place()).view(2, 3).softmax(1)': () =>
    torch.arange(6, { device: place(), dtype: 'float32' }).view(2, 3).softmax(1),
  'torch.ones(3).to(place(), non_blocking=True).sum().item()': () =>
    torch.ones(3).to(place(), { nonBlocking: true }).sum().item(),
  'hooked()': hooked,
  'in_stream()': inStream,
  'saved()': saved,
  'mixed()': mixed,
};

/** Counts that only some versions of PyTorch have. */
const newer = (name: string) => /private_pools|num_oom_rejections/.test(name);

interface Answer {
  readonly value?: unknown;
  readonly error?: { readonly class: string; readonly message: string };
}

function shown(value: unknown): unknown {
  if (value instanceof torch.Tensor) {
    return { dtype: value.dtype, device: String(value.device), values: value.toArray() };
  }
  if (value instanceof torch.device) return String(value);
  if (Array.isArray(value)) return value.map(shown);
  return typeof value === 'bigint' ? Number(value) : (value ?? null);
}

/** The answer here; an error by its first line, without the operator's name, which Python's lacks. */
function answer(ask: () => unknown): Answer {
  try {
    return { value: shown(ask()) };
  } catch (error) {
    if (!(error instanceof torch.TorchError)) throw error;
    const message = error.message.replace(/^\w+\(\): /, '').split('\n')[0]!;
    return { error: { class: error.code, message } };
  }
}

/** What PyTorch says of devices, with a GPU or without one: values, and errors by class and words. */
export const devices: Suite = async ({ only, log }) => {
  const asked = Object.keys(questions).filter((text) => !only || text.includes(only));
  const input = JSON.stringify(asked);
  const python = await runPython<Answer[]>('devices.py', [], { input, python: torchPython() });
  const here = asked.map((text) => answer(questions[text]!));
  const different = asked.filter((_, i) => JSON.stringify(here[i]) !== JSON.stringify(python[i]));
  for (const text of different) {
    const i = asked.indexOf(text);
    log(`${text}: ${inspect(here[i])} here, ${inspect(python[i])} in Python`);
  }
  const count = asked.length;
  return [
    {
      suite: 'devices',
      ok: different.length === 0,
      gpus: cuda.deviceCount(),
      questions: count,
      same: count - different.length,
    },
  ];
};
