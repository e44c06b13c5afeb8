/** torch.testing, torch.random, nn.attention, torch.profiler: Python's messages, bits and names. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'tandem-torch';
import { bits, python } from './python';
import { refusedAsInPython } from './refused';

const { nn } = torch;
const { assertClose } = torch.testing;
const { SDPBackend, sdpaKernel } = nn.attention;

const setUp = `
from torch.testing import assert_close
t = torch.tensor
def message(*args, **kwargs):
    try:
        assert_close(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return 'close'
`;

const t = torch.tensor;
const message = (...args: Parameters<typeof assertClose>): string => {
  try {
    assertClose(...args);
  } catch (error) {
    return `${(error as torch.TorchError).code}: ${(error as Error).message}`;
  }
  return 'close';
};

const comparisons: Record<string, () => string> = {
  'message(t([1.5, 2.5]), t([1.5, 2.5000001]))': () => message(t([1.5, 2.5]), t([1.5, 2.5000001])),
  'message(t([1.5, 2.5]), t([1.5, 2.75]))': () => message(t([1.5, 2.5]), t([1.5, 2.75])),
  'message(t([[1, 2], [3, 4]]), t([[1, 2], [0, 5]]))': () =>
    message(
      t([
        [1, 2],
        [3, 4],
      ]),
      t([
        [1, 2],
        [0, 5],
      ]),
    ),
  'message(t(1.5), t(2.5))': () => message(t(1.5), t(2.5)),
  'message(t([1.5]), t([1.5], dtype=torch.float64))': () =>
    message(t([1.5]), t([1.5], { dtype: 'float64' })),
  'message(t([1.5]), t([2.], dtype=torch.float64), check_dtype=False)': () =>
    message(t([1.5]), t([{ float: 2 }], { dtype: 'float64' }), { checkDtype: false }),
  'message(t([1.5]), t([1.5, 2.5]))': () => message(t([1.5]), t([1.5, 2.5])),
  'message(t([float("nan")]), t([float("nan")]))': () => message(t([Number.NaN]), t([Number.NaN])),
  'message(t([float("nan")]), t([float("nan")]), equal_nan=True)': () =>
    message(t([Number.NaN]), t([Number.NaN]), { equalNan: true }),
  'message(t([1.5]), t([1.75]), rtol=0, atol=0.5)': () =>
    message(t([1.5]), t([1.75]), { rtol: 0, atol: 0.5 }),
  'message(t([1.5]), t([1.75]), rtol=0, atol=0)': () =>
    message(t([1.5]), t([1.75]), { rtol: 0, atol: 0 }),
  'message(t([1.5]), t([1.75]), rtol=0.1)': () => message(t([1.5]), t([1.75]), { rtol: 0.1 }),
  'message([1.5, {"a": t([1.5])}], [1.5, {"a": t([2.5])}])': () =>
    message([1.5, { a: t([1.5]) }], [1.5, { a: t([2.5]) }]),
  'message([1, 2], [1])': () => message([1, 2], [1]),
  'message({"a": 1}, {"b": 1})': () => message({ a: 1 }, { b: 1 }),
  'message(1.5, 2.5)': () => message(1.5, 2.5),
  'message(1, 3)': () => message(1, 3),
  'message(True, False)': () => message(true, false),
  'message(t([1.5]), t([2.5]), msg="mine")': () => message(t([1.5]), t([2.5]), { msg: 'mine' }),
  'message(t([1.5]), t([1.5]).to_sparse())': () => message(t([1.5]), t([1.5]).toSparse()),
};

const expected = python(Object.keys(comparisons), setUp);
test.each(Object.entries(comparisons).map(([name, run], i) => [name, run, expected[i]!] as const))(
  '%s',
  (_, run, want) => {
    expect(run()).toBe(want);
  },
);

refusedAsInPython(
  { 'assert_close(t([1.5]))': () => (assertClose as never as (x: torch.Tensor) => void)(t([1.5])) },
  setUp,
);

test('forkRng puts the generator back, after async functions and failures too', async () => {
  torch.manualSeed(0);
  const state = bits(torch.getRngState());
  const drawn = torch.random.forkRng(() => torch.rand(3));
  expect(bits(torch.rand(3))).toBe(bits(drawn));
  torch.manualSeed(0);
  await torch.random.forkRng(async () => {
    await null;
    torch.rand(1);
  });
  expect(() =>
    torch.random.forkRng(() => {
      torch.rand(1);
      throw new Error('mine');
    }),
  ).toThrow('mine');
  expect(bits(torch.getRngState())).toBe(state);
  torch.random.forkRng({ enabled: false }, () => torch.rand(1));
  expect(bits(torch.getRngState())).not.toBe(state);
});

test('sdpaKernel computes attention in the ways that it names', () => {
  const expressions = ['MATH', 'FLASH_ATTENTION'].map((name) => `attend(SDPBackend.${name})`);
  const wanted = python(
    expressions,
    `
from torch.nn.attention import sdpa_kernel, SDPBackend
torch.manual_seed(0)
q = torch.randn(1, 2, 40, 16)
def attend(backend):
    with sdpa_kernel(backend):
        return bits(F.scaled_dot_product_attention(q, q, q))`,
  );
  torch.manualSeed(0);
  const q = torch.randn(1, 2, 40, 16);
  const attend = () => bits(nn.functional.scaledDotProductAttention(q, q, q));
  const plain = attend();
  expect(sdpaKernel(SDPBackend.MATH, attend)).toBe(wanted[0]);
  expect(sdpaKernel([SDPBackend.FLASH_ATTENTION], attend)).toBe(wanted[1]);
  expect(attend()).toBe(plain);
});

describe('a profile', () => {
  const net = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU());
  const run = () =>
    torch.profiler.recordFunction('my step', () => {
      for (let i = 0; i < 3; i++) net.call(torch.ones(2, 4));
    });

  test('has the operators that Python’s has, and as often', () => {
    const profile = torch.profiler.profile({ recordShapes: true }, run);
    const [theirs] = python(
      ['counts()'],
      `
from torch.profiler import profile, record_function, ProfilerActivity
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
def counts():
    with profile(activities=[ProfilerActivity.CPU]) as prof:
        with record_function('my step'):
            for _ in range(3): net(torch.ones(2, 4))
    return ' '.join(sorted(f"{e.key}={e.count}" for e in prof.key_averages()))`,
    );
    const averages = profile.keyAverages();
    const ours = averages.map(({ key, count }) => `${key}=${count}`);
    expect(ours.sort().join(' ')).toBe(theirs);
    const addmm = averages.of('aten::addmm');
    expect(addmm.cpuTimeTotal).toBeGreaterThanOrEqual(addmm.selfCpuTimeTotal);
    const events = profile.events().filter(({ name }) => name === 'aten::addmm');
    expect(events[0]!.shapes.slice(0, 3)).toEqual([[8], [2, 4], [4, 8]]);
    const table = averages.table({ sortBy: 'cpuTimeTotal', rowLimit: 1 }).split('\n');
    expect(table[1]!.trim().split(/ {2,}/)).toEqual([
      'Name',
      'Self CPU %',
      'Self CPU',
      'CPU total %',
      'CPU total',
      'CPU time avg',
      '# of Calls',
    ]);
    expect(table[3]).toMatch(/^ +my step .* 1 {2}$/);
  });

  test('writes a trace for Chrome, and follows async functions', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-trace-'));
    const profile = await torch.profiler.profile(async () => {
      await null;
      run();
    });
    profile.exportChromeTrace(join(folder, 'trace.json'));
    const { traceEvents } = JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8'));
    rmSync(folder, { recursive: true });
    const names = (traceEvents as { name: string }[]).map(({ name }) => name);
    expect(names.filter((name) => name === 'aten::addmm')).toHaveLength(3);
    expect(names).toContain('my step');
  });

  test('has ended after a function that throws', () => {
    const fail = () => {
      throw new Error('mine');
    };
    expect(() => torch.profiler.profile(fail)).toThrow('mine');
    expect(() => torch.profiler.profile(() => torch.profiler.profile(run))).toThrow(/already/);
    expect(torch.profiler.profile(run).events().length).toBeGreaterThan(5);
  });
});
