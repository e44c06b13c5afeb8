// Tensors pass between threads. Prints what each side saw.
const { once } = require('node:events');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const torch = require('../../../src/torch/dist');
const { native } = require('../../../src/torch/dist/native');

const { nn } = torch;
const address = (x) => native.storageId(x.handle);
const thrown = (run) => {
  try {
    return run();
  } catch (error) {
    return `${error.code}: ${error.message}`;
  }
};

async function passed() {
  const x = torch.arange(6, { dtype: 'float32' }).view(2, 3);
  const net = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4));
  const version = x._version;
  const sent = torch.share({
    x,
    column: x.index('..., 1'),
    again: [x],
    weights: net.parameters(),
    state: net.stateDict(),
    empty: torch.zeros(0, 2),
    sparse: torch.eye(2).toSparse(),
    conj: torch.tensor([{ re: 1, im: 2 }]).conj(),
    inferred: torch.inferenceMode(() => x.mul(2)),
    quantized: torch.quantizePerTensor(torch.tensor([1.5, 2]), 0.5, 0, 'quint8'),
    plain: { text: 'a', when: new Date(0), list: new Set([1]) },
  });
  const worker = new Worker(__filename, { workerData: { sent } });
  const [seen] = await once(worker, 'message');
  worker.postMessage('written');
  await once(worker, 'exit');
  return {
    seen: { ...seen, sameAddress: seen.address === address(x) },
    written: x.index('0, 1').item(),
    // The worker's gradient, the version and the resizing stay its own.
    gradient: net.parameters()[0].grad,
    weight: net.parameters()[0].index('0, 0').item(),
    mean: net.stateDict().get('1.running_mean').index(0).item(),
    version: x._version - version,
    resize: thrown(() => torch.noGrad(() => x.resize_([4000]))),
  };
}

function receive() {
  const got = torch.fromShared(workerData.sent);
  const twice = torch.fromShared(workerData.sent);
  const { x, column, again, weights, state, empty, sparse, conj, inferred, quantized, plain } = got;
  const net = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4));
  net.loadStateDict(state, { assign: true });
  net.call(x).pow(2).sum().backward();
  parentPort.postMessage({
    address: address(x),
    values: x.toArray(),
    column: [column.toArray(), column.stride(0), address(column) === address(x)],
    oneTensor: again[0] === x,
    twice: twice.x !== x && address(twice.x) === address(x),
    parameter: [weights[0] instanceof nn.Parameter, weights[0].requiresGrad, weights[0].isLeaf],
    sameWeights: address(weights[0]) === address(net.parameters()[0]),
    hasGradient: net.parameters()[0].grad !== null,
    empty: empty.shape,
    sparse: sparse.toDense().toArray(),
    conj: [conj.isConj(), conj.toArray()],
    inferred: [inferred.isInference(), inferred.toArray()],
    quantized: quantized.dequantize().toArray(),
    plain,
  });
  parentPort.once('message', () => {
    x.indexSet('0, 1', 70);
    torch.noGrad(() => net.parameters()[0].fill_(5));
    net.stateDict().get('1.running_mean').fill_(3);
  });
}

function refused() {
  const y = torch.ones(2, { requiresGrad: true }).mul(2);
  const { sharedTensor } = torch.share(torch.ones(1));
  const forged = (number) => {
    const buffer = new SharedArrayBuffer(8);
    new Float64Array(buffer)[0] = number;
    return { sharedTensor: buffer, isParameter: false };
  };
  const spoiled = torch.share(torch.ones(1));
  new Float64Array(spoiled.sharedTensor)[0] = Number.NaN;
  return [
    () => torch.share(y),
    () => torch.share(new nn.Linear(1, 1)),
    () => structuredClone(y.detach()),
    () => torch.fromShared(forged(1e9)),
    () => torch.fromShared(forged(Number.POSITIVE_INFINITY)),
    () => torch.fromShared({ sharedTensor: new SharedArrayBuffer(4), isParameter: false }),
    () => torch.fromShared(spoiled),
    () => torch.fromShared({ sharedTensor, isParameter: false }).item(),
  ].map(thrown);
}

/** Memory in MB while tensors of 2 MB go to a thread that ends before it takes them, and to one and back. */
async function rounds(count) {
  const echo = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const torch = require('./src/torch/dist');
     parentPort.on('message', (sent) => {
       const x = torch.fromShared(sent);
       parentPort.postMessage(torch.share(x.add(1)));
     });`,
    { eval: true },
  );
  const deaf = new Worker('setInterval(() => {}, 1e6)', { eval: true });
  const large = (value) => torch.full([2 << 18], value);
  const size = () => process.memoryUsage.rss() / 2 ** 20;
  const before = size();
  // The other takes nothing: what waits for it is freed with it, and it doesn't know of torch.
  for (let i = 0; i < 100; i++) deaf.postMessage(torch.share(large(i)));
  const waiting = size();
  await deaf.terminate();
  let [sum, most] = [0, 0];
  for (let i = 0; i < count; i++) {
    echo.postMessage(torch.share(large(i)));
    const [sent] = await once(echo, 'message');
    sum += torch.fromShared(sent).index(0).item() - i;
    torch.fromShared(sent);
    most = Math.max(most, size());
  }
  await echo.terminate();
  return { sum, waiting: waiting - before, most: most - before };
}

async function main() {
  const count = Number(process.argv[2]);
  console.log(
    JSON.stringify({ passed: await passed(), refused: refused(), rounds: await rounds(count) }),
  );
}

if (isMainThread) main();
else receive();
