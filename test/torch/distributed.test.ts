import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'tandem-torch';
import { examplesOf } from './examples';
import { program } from './program';
import { pythonTorchrun, torchrun } from './torchrun';

type Found = Record<string, unknown>;

/** A message without what changes from run to run: ports, objects' addresses. */
const steady = (value: unknown): unknown =>
  typeof value === 'string'
    ? value
        .replaceAll(/\[127\.0\.0\.1\]:\d+/g, '[127.0.0.1]:…')
        .replace(/part of group .*/, 'part of group …')
    : value;

function compare(processes: number, which: string) {
  let ours: Found[];
  let pythons: Found[];
  beforeAll(async () => {
    const options = ['--nproc-per-node', String(processes)];
    pythons = pythonTorchrun(options, 'distributed.py', which) as Found[];
    ours = (await torchrun(options, 'distributed.js', which)) as Found[];
  });

  test.each(Array.from({ length: processes }, (_, rank) => rank))('process %i', (rank) => {
    const [own, python] = [ours[rank]!, pythons[rank]!];
    expect(Object.keys(own)).toEqual(Object.keys(python));
    for (const [name, value] of Object.entries(python)) {
      expect([name, steady(own[name])]).toEqual([name, steady(value)]);
    }
  });

  test('after the groups are destroyed there are none', () => {
    expect(ours[processes]).toBe(pythons[processes]);
  });
}

describe('two processes: collectives, and trainings in each way, give Python’s bits and messages', () =>
  compare(2, 'all'));

describe('four processes train to Python’s bits', () => compare(4, 'some'));

test('a process that is killed ends the others with PyTorch’s message; started again, they resume', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-elastic-'));
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  try {
    await torchrun(['--nproc-per-node', '2', '--max-restarts', '1'], 'elastic.js', folder);
    // Whichever of both the system tells.
    expect(read('died.json')).toMatch(
      /^RuntimeError: .*gloo\/transport\/tcp\/pair\.cc:\d+\] (Connection closed by peer|Read error) .*remote worker/,
    );
    const { attempt, resumed, whole } = read('end.json');
    expect([attempt, resumed[0], whole[0]]).toEqual([1, 3, 0]);
    expect(resumed.slice(1)).toEqual(whole.slice(1));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('what is missing is said', () => {
  const { distributed: dist, nn } = torch;
  const using = 'Error initializing torch.distributed using';
  const unset = 'please make sure to call init_process_group';
  const place = { rank: 0, worldSize: 1 };
  test.each<[string, () => unknown]>([
    [
      `${using} env:// rendezvous: environment variable RANK expected, but not set`,
      () => dist.initProcessGroup(),
    ],
    [
      `${using} env:// rendezvous: environment variable WORLD_SIZE expected, but not set`,
      () => dist.initProcessGroup({ rank: 0 }),
    ],
    [
      `${using} tcp:// rendezvous: port number missing`,
      () => dist.initProcessGroup({ initMethod: 'tcp://localhost', ...place }),
    ],
    [
      `${using} tcp:// rendezvous: world size parameter missing`,
      () => dist.initProcessGroup({ initMethod: 'tcp://localhost:1', rank: 0 }),
    ],
    [
      `${using} file:// rendezvous: path missing`,
      () => dist.initProcessGroup({ initMethod: 'file://', ...place }),
    ],
    ['No rendezvous handler for ftp://', () => dist.initProcessGroup({ initMethod: 'ftp://x' })],
    ["Distributed package doesn't have NCCL built in", () => dist.initProcessGroup('nccl')],
    ['Unknown c10d backend type NONE', () => dist.initProcessGroup('none')],
    [
      'Expected timeout argument to be a positive number of milliseconds, got -1',
      () => dist.initProcessGroup({ timeout: -1 }),
    ],
    [unset, () => dist.barrier()],
    [unset, () => new nn.parallel.DistributedDataParallel(new nn.Linear(1, 1))],
    [
      'port must have value from 0 to 65535 but was 70000.',
      () => new dist.TCPStore('localhost', 70000),
    ],
  ])('%s', (message, run) => {
    expect(run).toThrow(message);
  });
});

test('a group of one, by each address; nothing ends badly that isn’t destroyed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-store-'));
  try {
    for (const initMethod of ['tcp://127.0.0.1:0', `file://${join(folder, 'store')}`]) {
      const found = await program(
        `
        const dist = torch.distributed;
        dist.initProcessGroup('gloo', { initMethod: process.argv[1], rank: 0, worldSize: 1 });
        const net = new torch.nn.parallel.DistributedDataParallel(new torch.nn.Linear(2, 1));
        net.call(torch.ones(1, 2)).sum().backward();
        const pending = dist.allReduce(torch.ones(2), { asyncOp: true });
        console.log(JSON.stringify([dist.getWorldSize(), net.module.weight.grad.toArray()]));`,
        [initMethod],
      );
      expect(found).toEqual([1, [[1, 1]]]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('stores keep texts and counters', async () => {
  expect(
    await program(`
      const { HashStore, PrefixStore, TCPStore } = torch.distributed;
      const found = [new HashStore(), new TCPStore('127.0.0.1', 0, { isMaster: true, waitForWorkers: false })].map((store) => {
        const own = new PrefixStore('own', store);
        own.set('text', 'grüß');
        own.add('count', 2);
        let late;
        try {
          own.wait(['never'], 20);
        } catch (error) {
          late = error.code;
        }
        return [own.get('text'), own.add('count', 3), own.check(['text']), store.check(['text']), store.get('own/text'), own.deleteKey('text'), late];
      });
      console.log(JSON.stringify(found));`),
  ).toEqual(Array(2).fill(['grüß', 5, true, false, 'grüß', true, expect.stringMatching(/Error$/)]));
});

test('the example of the docs trains', async () => {
  const folder = examplesOf('Processes');
  try {
    const options = ['--nproc-per-node', '2'];
    expect(await torchrun(options, join(folder, 'train.js'))).toEqual([2, expect.any(Number)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
