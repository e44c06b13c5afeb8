/** An LSTM (Hochreiter and Schmidhuber 1997) that learns a poem letter by letter, then recites. */
import { readFileSync } from 'node:fs';
import * as torch from 'tandem/torch';
import { inProject } from '../files/paths';

const { nn, optim } = torch;
const F = nn.functional;
type Tensor = torch.Tensor;

/** "Jabberwocky" by Lewis Carroll, 1871. */
const text = readFileSync(inProject('data/jabberwocky.txt'), 'utf8');
const letters = [...new Set(text)].sort();
const codes = [...text].map((letter) => letters.indexOf(letter));

/** Letters `[T, N]` to the scores of each next letter, `[T, N, letters]`. */
class Reciter extends nn.Module {
  embedding = new nn.Embedding(letters.length, 32);
  lstm = new nn.LSTM(32, 128, { numLayers: 2, dropout: 0.1 });
  head = new nn.Linear(128, letters.length);

  forward(input: Tensor, state?: [Tensor, Tensor]): [Tensor, [Tensor, Tensor]] {
    const [output, next] = this.lstm.call(this.embedding.call(input), state);
    return [this.head.call(output), next];
  }
}

/** The likeliest letters after a beginning, one at a time. */
function recite(net: Reciter, beginning: string, count: number): string {
  net.eval();
  return torch.tidy(() =>
    torch.noGrad(() => {
      let recited = beginning;
      let [scores, state] = net.call(
        torch.tensor([...beginning].map((letter) => [letters.indexOf(letter)])),
      );
      for (let i = 0; i < count; i++) {
        const code = scores.select(0, -1).argmax(1).item();
        recited += letters[code];
        [scores, state] = net.call(torch.tensor([[code]]), state);
      }
      return recited;
    }),
  );
}

/** Trains on random stretches of the poem, giving the loss of each step; returns what it recites. */
export async function* train({ steps = 300, seed = 0 } = {}) {
  const [length, batch] = [48, 16];
  torch.manualSeed(seed);
  const poem = torch.tensor(codes);
  const net = new Reciter();
  const optimizer = new optim.Adam(net.parameters(), { lr: 0.005 });

  for (let step = 0; step < steps; step++) {
    yield torch.tidy(() => {
      const starts = torch.randint(0, codes.length - length - 1, [batch]);
      const places = torch
        .arange(length + 1)
        .unsqueeze(1)
        .add(starts);
      const stretch = poem.take(places);
      optimizer.zeroGrad();
      const [scores] = net.call(stretch.narrow(0, 0, length));
      const next = stretch.narrow(0, 1, length);
      const loss = F.crossEntropy(scores.flatten(0, 1), next.flatten());
      loss.backward();
      nn.utils.clipGradNorm_(net.parameters(), 1);
      optimizer.step();
      return loss.item();
    });
  }
  return recite(net, '’Twas brillig', 120);
}
