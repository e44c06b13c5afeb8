// The same as distributed.py. The first process prints what each has found.
const torch = require('../../../src/torch/dist');

const { distributed: dist, nn } = torch;
const F = nn.functional;
const { DistributedDataParallel: DDP } = nn.parallel;
const { DataLoader, TensorDataset } = torch.utils.data;
const { DistributedSampler } = torch.utils.data.distributed;

process.removeAllListeners('warning');
const found = {};

function shown(value) {
  if (value instanceof torch.Tensor) {
    return Buffer.from(value.detach().contiguous().toTypedArray().buffer).toString('hex');
  }
  return Array.isArray(value) ? value.map(shown) : (value ?? null);
}

function note(name, run) {
  try {
    found[name] = shown(run());
  } catch (error) {
    found[name] = `${error.code}: ${error.message}`;
  }
}

function collectives() {
  const rank = dist.getRank();
  const size = dist.getWorldSize();
  const before = (rank - 1 + size) % size;
  const after = (rank + 1) % size;
  const own = () => torch.arange(4, { dtype: 'float32' }).mul(0.1).add(rank);
  const each = (make) => Array.from({ length: size }, (_, i) => make(i));
  const lists = () => each((i) => torch.full([2], { float: 10 * rank + i }));
  const empties = () => each(() => torch.empty(4));
  note('places', () => [
    dist.isInitialized(),
    rank,
    size,
    dist.getBackend(),
    dist.isTorchelasticLaunched(),
    dist.getProcessGroupRanks(),
  ]);
  const reduced = (make, options = {}) => {
    const x = make();
    dist.allReduce(x, options);
    return x;
  };
  for (const op of ['SUM', 'AVG', 'PRODUCT', 'MIN', 'MAX', 'BAND', 'BOR', 'BXOR']) {
    note(`all_reduce ${op}`, () => reduced(own, { op: dist.ReduceOp[op] }));
    note(`all_reduce ${op} int`, () =>
      reduced(() => torch.arange(5).add(rank), { op: dist.ReduceOp[op] }),
    );
  }
  const complex = () => torch.tensor([{ re: 1, im: 2 }]);
  note('all_reduce complex', () => reduced(() => complex().mul(rank + 1)));
  note('all_reduce complex MAX', () => reduced(complex, { op: dist.ReduceOp.MAX }));
  note('all_reduce strided', () =>
    reduced(() => torch.arange(6, { dtype: 'float32' }).view(2, 3).t().add(rank)),
  );
  note('async', () => {
    const x = own();
    const work = dist.allReduce(x, { asyncOp: true });
    return [work.wait(), work.isCompleted(), x];
  });
  note('broadcast', () => {
    const x = own();
    dist.broadcast(x, 1);
    return x;
  });
  note('reduce', () => {
    const x = own();
    dist.reduce(x, { dst: 1 });
    return rank === 1 ? x : null;
  });
  note('all_gather', () => {
    const xs = empties();
    dist.allGather(xs, own());
    return xs;
  });
  note('all_gather_into_tensor', () => {
    const x = torch.empty(4 * size);
    dist.allGatherIntoTensor(x, own());
    return x;
  });
  note('gather', () => {
    const xs = rank === 1 ? empties() : null;
    dist.gather(own(), xs, { dst: 1 });
    return xs;
  });
  note('scatter', () => {
    const x = torch.empty(2);
    dist.scatter(x, rank === 0 ? lists() : null);
    return x;
  });
  note('reduce_scatter', () => {
    const x = torch.empty(2);
    dist.reduceScatter(x, lists());
    return x;
  });
  note('reduce_scatter_tensor', () => {
    const x = torch.empty(2);
    dist.reduceScatterTensor(x, torch.cat(lists()));
    return x;
  });
  note('all_to_all', () => {
    const xs = each(() => torch.empty(2));
    dist.allToAll(xs, lists());
    return xs;
  });
  note('all_to_all_single', () => {
    const x = torch.empty(2 * size);
    dist.allToAllSingle(x, torch.cat(lists()));
    return x;
  });
  note('ring', () => {
    const x = torch.empty(4);
    if (rank % 2 === 0) {
      dist.send(own(), after);
      return [dist.recv(x, before), x];
    }
    const got = dist.recv(x, before);
    dist.send(own(), after);
    return [got, x];
  });
  note('any source', () => {
    const x = torch.empty(4);
    const work = dist.isend(own(), after, { tag: 3 });
    const got = dist.recv(x, { tag: 3, src: size === 2 ? null : before });
    work.wait();
    return [got, x];
  });
  note('batch_isend_irecv', () => {
    const x = torch.empty(4);
    const ops = [new dist.P2POp(dist.isend, own(), after), new dist.P2POp(dist.irecv, x, before)];
    for (const work of dist.batchIsendIrecv(ops)) work.wait();
    return x;
  });
  note('barrier', () => dist.barrier());
  note('monitored_barrier', () => dist.monitoredBarrier());
  note('objects', () => {
    const xs = rank === 0 ? [{ rank, text: 'ä' }, null] : [null, null];
    dist.broadcastObjectList(xs);
    const ys = each(() => null);
    dist.allGatherObject(ys, { rank, list: Array(rank).fill(1) });
    const zs = rank === 1 ? each(() => null) : null;
    dist.gatherObject('x'.repeat(rank), zs, { dst: 1 });
    const ws = [null];
    dist.scatterObjectList(ws, rank === 0 ? each((i) => ['for', i]) : null);
    return [xs, ys, zs, ws];
  });
  const one = dist.newGroup([0]);
  const both = dist.newGroup([1, 0], { timeout: 60_000 });
  note('new_group', () => [
    dist.getRank(one),
    dist.getWorldSize(one),
    dist.getRank(both),
    dist.getWorldSize(both),
  ]);
  note('in group', () => (rank < 2 ? reduced(own, { group: both }) : null));
  if (rank === 0) note('group rank', () => dist.getGroupRank(one, 1));
  note('global rank', () => (rank < 2 ? dist.getGlobalRank(both, 1) : null));
  const x = () => torch.ones(1);
  note('no tensor', () => dist.allReduce([1]));
  note('no list', () => dist.allGather(x(), x()));
  note('dtypes', () => dist.allGather([x(), x()], torch.ones(1, { dtype: 'float64' })));
  note('no root', () => dist.broadcast(x()));
  note('two roots', () => dist.broadcast(x(), 0, { groupSrc: 0 }));
  note('self', () => dist.send(x(), rank));
  note('lists', () => dist.gather(x(), rank === 0 ? null : [x()]));
  note('ranks', () => dist.newGroup([0, 0]));
  note('range', () => dist.newGroup(size === 2 ? [0, 9] : [9]));
  note('twice', () => dist.initProcessGroup());
  note('backend', () => dist.newGroup({ backend: 'mpi' }));
  note('unequal', () => dist.allGather(each(x), torch.ones(2)));
}

class Net extends nn.Module {
  embed = new nn.Embedding(5, 6, { sparse: false });
  first = new nn.Linear(6, 16);
  norm = new nn.BatchNorm1d(16);
  second = new nn.Linear(16, 16);
  extra = new nn.Linear(16, 16);
  last = new nn.Linear(16, 3);

  forward(input, useExtra = true) {
    let x = this.embed.call(input).mean(1);
    x = F.relu(this.norm.call(this.first.call(x)));
    x = F.relu(this.second.call(x));
    if (useExtra) x = x.add(this.extra.call(x));
    return this.last.call(x);
  }
}

function data({ shuffle = true, dropLast = false } = {}) {
  const generator = new torch.Generator().manualSeed(5);
  const xs = torch.randint(0, 5, [45, 4], { generator });
  const ys = torch.randint(0, 3, [45], { generator });
  const dataset = new TensorDataset(xs, ys);
  const sampler = new DistributedSampler(dataset, { shuffle, seed: 3, dropLast });
  return [sampler, new DataLoader(dataset, { batchSize: 6, sampler })];
}

function made(options = {}) {
  torch.manualSeed(dist.getRank());
  const net = new DDP(new Net(), options);
  return [net, new torch.optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 })];
}

const states = (net) => Array.from(net.stateDict(), ([name, value]) => [name, shown(value)]);

function train({ epochs = 2, extra = () => true, ...options } = {}) {
  const [net, optimizer] = made(options);
  const [sampler, loader] = data();
  const losses = [];
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    sampler.setEpoch(epoch);
    for (const [x, y] of loader) {
      optimizer.zeroGrad();
      const loss = F.crossEntropy(net.call(x, extra(step)), y);
      loss.backward();
      optimizer.step();
      losses.push(loss);
      step++;
    }
  }
  return [losses, states(net)];
}

function accumulate() {
  const [net, optimizer] = made();
  const [, loader] = data();
  const losses = [];
  let i = 0;
  for (const [x, y] of loader) {
    const pass = () => {
      const loss = F.crossEntropy(net.call(x), y);
      loss.backward();
      losses.push(loss);
    };
    if (i++ % 2 === 0) net.noSync(pass);
    else {
      pass();
      optimizer.step();
      optimizer.zeroGrad();
    }
  }
  return [losses, states(net)];
}

function uneven(options) {
  const [net, optimizer] = made();
  const rank = dist.getRank();
  const generator = new torch.Generator().manualSeed(rank);
  const losses = [];
  net.join(() => {
    for (let i = 0; i < 3 + 2 * rank; i++) {
      const x = torch.randint(0, 5, [4, 4], { generator });
      const y = torch.randint(0, 3, [4], { generator });
      optimizer.zeroGrad();
      const loss = F.crossEntropy(net.call(x), y);
      loss.backward();
      optimizer.step();
      losses.push(loss);
    }
  }, options);
  return [losses, states(net)];
}

function sparse() {
  torch.manualSeed(dist.getRank());
  const net = new nn.Embedding(7, 3, { sparse: true });
  const model = new DDP(net);
  for (let i = 0; i < 3; i++) {
    model.zeroGrad();
    model
      .call(torch.tensor([dist.getRank(), 3, i]))
      .pow(2)
      .sum()
      .backward();
    torch.noGrad(() => net.weight.sub_(net.weight.grad.toDense().mul(0.1)));
  }
  return net.weight;
}

function sampled(options) {
  const [sampler] = data(options);
  const orders = [0, 1].map((epoch) => {
    sampler.setEpoch(epoch);
    return [...sampler];
  });
  return [sampler.length, orders];
}

class Tied extends nn.Module {
  embed = new nn.Embedding(7, 8);
  frozen = new nn.Linear(8, 8).requiresGrad_(false);
  unused = new nn.Linear(8, 8);
  out = new nn.Linear(8, 7, { bias: false });

  constructor() {
    super();
    this.out.weight = this.embed.weight;
  }
  forward(x) {
    const hidden = torch.tanh(this.frozen.call(this.embed.call(x)));
    return { logits: this.out.call(hidden), all: [hidden, [hidden.detach()]] };
  }
}

function tied() {
  torch.manualSeed(dist.getRank());
  const net = new DDP(new Tied(), { findUnusedParameters: true });
  const optimizer = new torch.optim.AdamW(net.parameters(), { lr: 0.01 });
  const losses = [];
  for (let step = 0; step < 4; step++) {
    const x = torch
      .arange(6)
      .mul(step + 1)
      .add(dist.getRank())
      .remainder(7);
    const loss = F.crossEntropy(net.call(x).logits, x);
    loss.backward();
    losses.push(loss, nn.utils.clipGradNorm_(net.parameters(), 0.5));
    optimizer.step();
    optimizer.zeroGrad({ setToNone: step % 2 === 0 });
  }
  return [losses, states(net)];
}

const counted = (size) => torch.arange(size, { dtype: 'float32' });

function halves() {
  torch.manualSeed(dist.getRank());
  const net = new DDP(new nn.Linear(4, 3).to('bfloat16'));
  const x = counted(8).view(2, 4).add(dist.getRank()).to('bfloat16');
  net.call(x).float().pow(2).mean().backward();
  return net.module.weight.grad.float();
}

function channels() {
  torch.manualSeed(dist.getRank());
  const layers = new nn.Sequential(new nn.Conv2d(2, 3, 3), new nn.BatchNorm2d(3));
  const last = (x) => x.contiguous({ memoryFormat: 'channels_last' });
  const [conv] = layers;
  conv.weight.data = last(conv.weight.data);
  const net = new DDP(layers);
  const x = last(counted(100).view(2, 2, 5, 5).add(dist.getRank()));
  net.call(x).pow(3).mean().backward();
  net.eval();
  const y = torch.noGrad(() => net.call(x));
  return [conv.weight.grad, y, states(net)];
}

function several() {
  torch.manualSeed(dist.getRank());
  const net = new DDP(new nn.Linear(2, 2));
  const x = torch.ones(1, 2).add(dist.getRank());
  net
    .call(x)
    .add(net.call(x.mul(2)))
    .sum()
    .backward();
  const first = net.module.weight.grad.clone();
  net.call(x).sum().backward();
  return [first, net.module.weight.grad];
}

function usedTwice() {
  const net = new DDP(new nn.Linear(2, 2));
  const y = net.call(torch.ones(1, 2)).sum();
  y.backward({ retainGraph: true });
  y.backward();
  return net.module.weight.grad;
}

class Cube extends torch.autograd.Function {
  static forward(ctx, x) {
    ctx.saveForBackward(x);
    return x.pow(3);
  }
  static backward(ctx, gradient) {
    return gradient.mul(ctx.savedTensors[0].pow(2)).mul(3);
  }
}

function ownFunction() {
  torch.manualSeed(dist.getRank());
  const net = new DDP(new nn.Linear(2, 2), { gradientAsBucketView: true });
  const hooked = [];
  net.module.weight.registerHook((gradient) => void hooked.push(gradient.clone()));
  Cube.apply(net.call(torch.ones(1, 2).add(dist.getRank())))
    .sum()
    .backward();
  return [hooked, net.module.weight.grad];
}

function loaded() {
  torch.manualSeed(dist.getRank());
  const net = new DDP(new nn.Linear(2, 2));
  const plain = new nn.Linear(2, 2);
  plain.loadStateDict(
    new Map(Array.from(net.stateDict(), ([name, value]) => [name.replace(/^module\./, ''), value])),
  );
  net.module.loadStateDict(plain.stateDict());
  return [[...net.stateDict().keys()], plain.weight];
}

/** After public reports of what has gone wrong with other models. */
function cases() {
  const rank = dist.getRank();
  note('tied, frozen and unused', tied);
  note('bfloat16', halves);
  note('channels last', channels);
  note('several forwards', several);
  note('backward twice', usedTwice);
  note('own function and hook', ownFunction);
  note('loaded', loaded);
  const reduced = (x, options = {}) => {
    dist.allReduce(x, options);
    return x.float();
  };
  note('empty', () => reduced(torch.empty(0, 3)));
  note('bool', () => reduced(torch.tensor([rank === 0, false])));
  note('int8', () => reduced(torch.tensor([100, 1], { dtype: 'int8' })));
  note('float16', () => reduced(torch.tensor([0.1, 2.5], { dtype: 'float16' })));
  note('bfloat16 MAX', () =>
    reduced(torch.tensor([0.1, 2.5], { dtype: 'bfloat16' }).add(rank), { op: dist.ReduceOp.MAX }),
  );
  note('leaf', () => reduced(torch.ones(2, { requiresGrad: true })));
  note('sparse tensor', () =>
    reduced(
      torch
        .eye(2)
        .mul(rank + 1)
        .toSparse(),
    ).toDense(),
  );
}

function training() {
  note('train', train);
  if (dist.getWorldSize() > 2) return;
  note('small buckets', () => train({ bucketCapMb: 0.0005 }));
  const alternate = (step) => (step + dist.getRank()) % 2 === 0;
  note('unused', () => train({ findUnusedParameters: true, extra: alternate }));
  note('unused forgotten', () => train({ extra: () => false }));
  note('views', () => train({ gradientAsBucketView: true }));
  note('static', () => train({ staticGraph: true, extra: () => false }));
  note('own buffers', () => train({ forwardSyncBuffers: false }));
  note('no sync', accumulate);
  note('join', uneven);
  note('join, divided by those left', () => uneven({ divideByInitialWorldSize: false }));
  note('join that throws', () => uneven({ throwOnEarlyTermination: true }));
  note('sparse', sparse);
  note('order', () => sampled({ shuffle: false }));
  note('shuffled', sampled);
  note('last dropped', () => sampled({ dropLast: true }));
  note('different', () => void new DDP(new nn.Linear(2, 2, dist.getRank() === 0)));
  cases();
  note('nothing to train', () => new DDP(new nn.ReLU()));
}

note('before', () => dist.getRank());
dist.initProcessGroup(process.argv[2] === 'all' ? 'gloo' : null);
if (process.argv[2] === 'all') collectives();
training();
const every = Array(dist.getWorldSize()).fill(null);
dist.allGatherObject(every, found);
const rank = dist.getRank();
dist.destroyProcessGroup();
note('after', () => dist.getWorldSize());
if (rank === 0) console.log(JSON.stringify([...every, found.after]));
