// What runs in the threads of training-server.js and worker-pool.js.
const torch = require('../../../src/torch/dist');

const { nn, optim } = torch;

const makeNet = () =>
  new nn.Sequential(
    new nn.Conv2d(1, 16, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Flatten(),
    new nn.Linear(16 * 28 * 28, 128),
    new nn.ReLU(),
    new nn.Linear(128, 10),
  );

/** Trains the weights that another thread has, in place; `step`, an Int32Array of one, is the step that runs, from 1. */
function train(state, steps, step = new Int32Array(1)) {
  const net = makeNet();
  net.loadStateDict(state, { assign: true });
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.01 });
  const generator = new torch.Generator().manualSeed(1);
  const images = torch.randn([64, 1, 28, 28], { generator });
  const labels = torch.randint(0, 10, [64], { generator });
  const losses = [];
  for (let i = 0; i < steps; i++) {
    Atomics.store(step, 0, i + 1);
    torch.tidy(() => {
      optimizer.zeroGrad();
      const loss = nn.functional.crossEntropy(net.call(images), labels);
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
    });
    Atomics.store(step, 0, 0);
  }
  return { losses };
}

let model;

module.exports = {
  makeNet,
  train,
  warmUp: () => train(makeNet().stateDict(), 1) && undefined,
  load(state) {
    model = makeNet();
    model.loadStateDict(state, { assign: true });
    return torch.getNumThreads();
  },
  predict: async (x) => torch.noGrad(() => model.call(x)),
  failing: () => torch.ones(2).view(3),
  throwing() {
    throw new RangeError('of its own');
  },
  graph: () => torch.ones(1, { requiresGrad: true }).mul(2),
  uncloneable: () => () => 1,
  leave: () => process.exit(3),
  wait: () => new Promise(() => {}),
};
