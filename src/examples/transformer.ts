/** A tiny Transformer (Vaswani et al. 2017, arXiv:1706.03762) that learns to sort digits. */
import * as torch from 'tandem/torch';

const { nn, optim } = torch;
const F = nn.functional;
type Tensor = torch.Tensor;

const [digits, length, width] = [10, 8, 64];

/** Digits `[N, length]` to the scores of the sorted digits, `[N, length, digits]`. */
class Sorter extends nn.Module {
  embedding = new nn.Embedding(digits, width);
  position = new nn.Parameter(torch.randn([length, width]).mul(0.02));
  encoder = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(width, 4, {
      dimFeedforward: 128,
      dropout: 0,
      batchFirst: true,
      normFirst: true,
    }),
    2,
    new nn.LayerNorm(width),
  );
  head = new nn.Linear(width, digits);

  forward(numbers: Tensor): Tensor {
    return this.head.call(this.encoder.call(this.embedding.call(numbers).add(this.position)));
  }
}

/** Trains on fresh digits at each step, giving its loss; returns how many rows are then sorted. */
export async function* train({ steps = 300, seed = 0 } = {}) {
  torch.manualSeed(seed);
  const net = new Sorter();
  const optimizer = new optim.AdamW(net.parameters(), { lr: 0.002 });
  const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, steps);

  for (let step = 0; step < steps; step++) {
    yield torch.tidy(() => {
      const numbers = torch.randint(0, digits, [128, length]);
      const sorted = numbers.sort(1).values;
      optimizer.zeroGrad();
      const loss = F.crossEntropy(net.call(numbers).flatten(0, 1), sorted.flatten());
      loss.backward();
      optimizer.step();
      scheduler.step();
      return loss.item();
    });
  }

  net.eval();
  return torch.tidy(() =>
    torch.noGrad(() => {
      const numbers = torch.randint(0, digits, [1000, length]);
      const sorted = numbers.sort(1).values;
      const guess = net.call(numbers).argmax(2);
      const right = guess.eq(sorted).all(1).sum().item();
      const row = (rows: Tensor) => (rows.select(0, 0).toArray() as number[]).join(' ');
      return `${right} of 1000 rows are sorted; the first: ${row(numbers)} → ${row(guess)}`;
    }),
  );
}
