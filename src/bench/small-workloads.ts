/** Programs of many small operators; the twins are in src/bench/small_workloads.py. */
import * as torch from 'tandem-torch';
import { digestOf, type Outcome, timed } from './outcome';

const { nn, optim } = torch;
const F = nn.functional;

/** Training of an LSTM cell on short sequences, step by step as public code writes its own recurrences. */
function lstmCell(): Outcome {
  torch.manualSeed(0);
  const cell = new nn.LSTMCell(8, 16);
  const head = new nn.Linear(16, 1);
  const optimizer = new optim.SGD([...cell.parameters(), ...head.parameters()], { lr: 0.1 });
  const inputs = torch.randn(25, 4, 8);
  const target = torch.randn(4, 1);
  const run = (count: number) => {
    for (let i = 0; i < count; i++) {
      let h = torch.zeros(4, 16);
      let c = torch.zeros(4, 16);
      for (const x of inputs) [h, c] = cell.call(x, [h, c]);
      optimizer.zeroGrad();
      const loss = F.mseLoss(head.call(h), target);
      loss.backward();
      optimizer.step();
    }
  };
  run(20);
  const times = timed(() => run(200));
  return { ...times, digest: digestOf(...cell.parameters(), ...head.parameters()) };
}

/** Training steps of a small network on small batches. */
function mlpStep(): Outcome {
  torch.manualSeed(0);
  const net = new nn.Sequential(
    new nn.Linear(8, 32),
    new nn.ReLU(),
    new nn.Linear(32, 32),
    new nn.Tanh(),
    new nn.Linear(32, 1),
  );
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.01, momentum: 0.9 });
  const x = torch.randn(16, 8);
  const y = torch.randn(16, 1);
  const run = (count: number) => {
    for (let i = 0; i < count; i++) {
      optimizer.zeroGrad();
      const loss = F.mseLoss(net.call(x), y);
      loss.backward();
      optimizer.step();
      loss.item();
    }
  };
  run(200);
  const times = timed(() => run(3000));
  return { ...times, digest: digestOf(...net.parameters()) };
}

/** Steps of Adam on a hundred small tensors. */
function adam(): Outcome {
  torch.manualSeed(0);
  const parameters = Array.from({ length: 100 }, () => new nn.Parameter(torch.randn(10, 10)));
  const optimizer = new optim.Adam(parameters, { lr: 0.001 });
  for (const parameter of parameters) parameter.grad = torch.randn(10, 10);
  const run = (count: number) => {
    for (let i = 0; i < count; i++) optimizer.step();
  };
  run(20);
  const times = timed(() => run(300));
  return { ...times, digest: digestOf(...parameters) };
}

class Decoder extends nn.Module {
  embedding = new nn.Embedding(60, 16);
  cell = new nn.GRUCell(16, 32);
  head = new nn.Linear(32, 60);

  forward(token: torch.Tensor, hidden: torch.Tensor): [torch.Tensor, torch.Tensor] {
    const next = this.cell.call(this.embedding.call(token), hidden);
    return [F.logSoftmax(this.head.call(next), -1), next];
  }
}

/** The best sequence of `length` tokens that a search over `width` beams finds, and its score. */
function search(decoder: Decoder, width: number, length: number): [torch.Tensor, torch.Tensor] {
  let hidden = torch.zeros(width, 32);
  let sequences = torch.zeros(width, 1, { dtype: 'int64' });
  // At first all beams are the same one.
  let scores = torch.full([width], -Infinity);
  scores.indexSet(0, 0);
  for (let step = 0; step < length; step++) {
    const [logProbabilities, next] = decoder.call(sequences.index(':, -1'), hidden);
    const vocabulary = logProbabilities.size(1);
    const candidates = scores.unsqueeze(1).add(logProbabilities).view(-1);
    const [best, places] = torch.topk(candidates, width);
    const beams = torch.div(places, vocabulary, { roundingMode: 'floor' });
    const tokens = torch.remainder(places, vocabulary);
    hidden = torch.indexSelect(next, 0, beams);
    sequences = torch.cat([torch.indexSelect(sequences, 0, beams), tokens.unsqueeze(1)], 1);
    scores = best;
  }
  return [sequences.index(0), scores.index(0)];
}

/** Beam search with a small decoder. */
function beamSearch(): Outcome {
  torch.manualSeed(0);
  const decoder = new Decoder();
  let found: [torch.Tensor, torch.Tensor] | undefined;
  const run = (count: number) =>
    torch.noGrad(() => {
      for (let i = 0; i < count; i++) found = search(decoder, 5, 20);
    });
  run(30);
  const times = timed(() => run(300));
  return { ...times, digest: digestOf(...found!) };
}

export const smallWorkloads = {
  'lstm-cell': lstmCell,
  'mlp-step': mlpStep,
  'adam-100': adam,
  'beam-search': beamSearch,
};
