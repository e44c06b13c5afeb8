/** Sine waves told on, as PyTorch's example `time_sequence_prediction` does it, in double precision by L-BFGS. */
import * as torch from 'tandem/torch';

const { nn, optim } = torch;

class Sequence extends nn.Module {
  lstm1 = new nn.LSTMCell(1, 8);
  lstm2 = new nn.LSTMCell(8, 8);
  linear = new nn.Linear(8, 1);

  forward(input: torch.Tensor, { future = 0 } = {}): torch.Tensor {
    const outputs: torch.Tensor[] = [];
    let hT = torch.zeros(input.size(0), 8, { dtype: torch.double });
    let cT = torch.zeros(input.size(0), 8, { dtype: torch.double });
    let hT2 = torch.zeros(input.size(0), 8, { dtype: torch.double });
    let cT2 = torch.zeros(input.size(0), 8, { dtype: torch.double });
    let output!: torch.Tensor;
    for (const inputT of input.split(1, { dim: 1 })) {
      [hT, cT] = this.lstm1.call(inputT, [hT, cT]);
      [hT2, cT2] = this.lstm2.call(hT, [hT2, cT2]);
      output = this.linear.call(hT2);
      outputs.push(output);
    }
    for (let i = 0; i < future; i++) {
      [hT, cT] = this.lstm1.call(output, [hT, cT]);
      [hT2, cT2] = this.lstm2.call(hT, [hT2, cT2]);
      output = this.linear.call(hT2);
      outputs.push(output);
    }
    return torch.cat(outputs, { dim: 1 });
  }
}

export function* main() {
  torch.manualSeed(0);
  const [T, L, N] = [5, 24, 6];
  const x = torch.arange(L).add(torch.randint(-4 * T, 4 * T, [N, 1]));
  const data = torch.sin(x.div(1).div(T)).double();
  const input = data.index('2:, :-1');
  const target = data.index('2:, 1:');
  const testInput = data.index(':2, :-1');
  const testTarget = data.index(':2, 1:');
  const seq = new Sequence();
  seq.double();
  const criterion = new nn.MSELoss();
  const optimizer = new optim.LBFGS(seq.parameters(), { lr: 0.8, maxIter: 5 });
  const losses: number[] = [];

  const closure = () => {
    optimizer.zeroGrad();
    const out = seq.call(input);
    const loss = criterion.call(out, target);
    losses.push(loss.item());
    loss.backward();
    return loss;
  };

  for (let i = 0; i < 2; i++) {
    optimizer.step(closure);
    torch.noGrad(() => {
      const future = 6;
      const pred = seq.call(testInput, { future });
      const loss = criterion.call(pred.index(torch.slice(), torch.slice(-future)), testTarget);
      losses.push(loss.item());
      const y = pred.detach().numpy();
      losses.push(Number(y[2 * y.shape[1]! - 1]));
    });
  }
  yield* losses;
}
