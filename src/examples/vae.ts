/** A variational auto-encoder (Kingma and Welling 2013, arXiv:1312.6114) that draws digits. */
import { loadMnist } from 'tandem/data';
import * as torch from 'tandem/torch';

const { nn, optim } = torch;
const F = nn.functional;
const { DataLoader, TensorDataset } = torch.utils.data;
type Tensor = torch.Tensor;

/** Images `[N, 784]` in 0 to 1 through a code `[N, 20]` and back. */
class VAE extends nn.Module {
  encoder = new nn.Linear(784, 400);
  mean = new nn.Linear(400, 20);
  logVariance = new nn.Linear(400, 20);
  decoder = new nn.Sequential(
    new nn.Linear(20, 400),
    new nn.ReLU(),
    new nn.Linear(400, 784),
    new nn.Sigmoid(),
  );

  forward(images: Tensor): [images: Tensor, mean: Tensor, logVariance: Tensor] {
    const hidden = F.relu(this.encoder.call(images));
    const mean = this.mean.call(hidden);
    const logVariance = this.logVariance.call(hidden);
    const deviation = logVariance.mul(0.5).exp();
    const code = mean.add(torch.randnLike(deviation).mul(deviation));
    return [this.decoder.call(code), mean, logVariance];
  }
}

/** Reconstruction loss plus the KL divergence of the codes from a standard normal, summed. */
function lossOf(drawn: Tensor, images: Tensor, mean: Tensor, logVariance: Tensor): Tensor {
  const reconstruction = F.binaryCrossEntropy(drawn, images, { reduction: 'sum' });
  const divergence = logVariance.add(1).sub(mean.pow(2)).sub(logVariance.exp()).sum().mul(-0.5);
  return reconstruction.add(divergence);
}

/** Grey values `[28, 28]` as text, two rows of pixels a line. */
const picture = (image: Tensor): string =>
  (image.toArray() as number[][])
    .filter((_, row) => row % 2 === 0)
    .map((row) => row.map((grey) => ' .:-=+*#%@'[Math.floor(grey * 9.99)]).join(''))
    .join('\n');

/** Trains one step at a time, giving the loss per image; returns a digit drawn from a random code. */
export async function* train({ steps = 300, seed = 0 } = {}) {
  const { images } = (await loadMnist()).train;
  torch.manualSeed(seed);
  const batch = 128;
  const pixels = images.subarray(0, batch * steps * 784);
  const dataset = new TensorDataset(torch.tensor(pixels).view(-1, 784).div(255));
  const net = new VAE();
  const optimizer = new optim.Adam(net.parameters(), { lr: 0.001 });

  for (const [images] of new DataLoader(dataset, { batchSize: batch, shuffle: true })) {
    yield torch.tidy(() => {
      optimizer.zeroGrad();
      const [drawn, mean, logVariance] = net.call(images!);
      const loss = lossOf(drawn, images!, mean, logVariance);
      loss.backward();
      optimizer.step();
      return loss.item() / batch;
    });
  }
  return torch.noGrad(() => picture(net.decoder.call(torch.randn([1, 20])).view(28, 28)));
}
