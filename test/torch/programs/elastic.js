// At first the second process is killed in the middle of training, and torchrun starts both again. The first writes what
// happened to the folder that is given.
const { existsSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const torch = require('../../../src/torch/dist');

const { distributed: dist, nn } = torch;
const folder = process.argv[2];
const attempt = Number(process.env.TORCHELASTIC_RESTART_COUNT);
const checkpoint = join(folder, 'checkpoint.pt');

const write = (name, value) => writeFileSync(join(folder, name), JSON.stringify(value));

dist.initProcessGroup('gloo');
const rank = dist.getRank();

/** The losses of six steps, and the weights; from a checkpoint on, where there is one. */
function train(resumes) {
  torch.manualSeed(rank);
  const net = new nn.parallel.DistributedDataParallel(new nn.Linear(4, 2));
  const optimizer = new torch.optim.Adam(net.parameters(), { lr: 0.1 });
  let state = { step: 0, losses: [] };
  if (resumes && existsSync(checkpoint)) {
    state = torch.load(checkpoint);
    net.loadStateDict(state.net);
    optimizer.loadStateDict(state.optimizer);
  }
  const begin = state.step;
  for (let step = begin; step < 6; step++) {
    if (attempt === 0 && step === 3 && rank === 1) process.kill(process.pid, 'SIGKILL');
    optimizer.zeroGrad();
    const x = torch.arange(8, { dtype: 'float32' }).view(2, 4).add(rank).add(step);
    const loss = net.call(x).pow(2).mean();
    loss.backward();
    optimizer.step();
    state.losses.push(loss.item());
    if (rank === 0 && resumes) {
      const { losses } = state;
      const [model, moments] = [net.stateDict(), optimizer.stateDict()];
      torch.save({ net: model, optimizer: moments, step: step + 1, losses }, `${checkpoint}.tmp`);
      renameSync(`${checkpoint}.tmp`, checkpoint);
    }
    dist.barrier();
  }
  return [begin, state.losses, net.module.weight.toArray()];
}

try {
  const resumed = train(true);
  const whole = train(false);
  if (rank === 0) write('end.json', { attempt, resumed, whole });
} catch (error) {
  write('died.json', `${error.code}: ${error.message}`);
  throw error;
}
