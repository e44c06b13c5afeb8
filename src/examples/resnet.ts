/** A small residual network (He et al. 2015, arXiv:1512.03385) on MNIST's digits. */
import { loadMnist } from 'tandem/data';
import * as torch from 'tandem/torch';

const { nn, optim } = torch;
const F = nn.functional;
const { DataLoader, TensorDataset } = torch.utils.data;
type Tensor = torch.Tensor;

/** Two 3×3 convolutions and a skip connection: `[N, C, H, W]` to `[N, out, H/stride, W/stride]`. */
class ResidualBlock extends nn.Module {
  conv1;
  bn1;
  conv2;
  bn2;
  shortcut;

  constructor(channels: number, out: number, stride = 1) {
    super();
    this.conv1 = new nn.Conv2d(channels, out, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(out);
    this.conv2 = new nn.Conv2d(out, out, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(out);
    this.shortcut = new nn.Sequential();
    if (stride !== 1 || channels !== out) {
      this.shortcut = new nn.Sequential(
        new nn.Conv2d(channels, out, 1, { stride, bias: false }),
        new nn.BatchNorm2d(out),
      );
    }
  }

  forward(x: Tensor): Tensor {
    let out = F.relu(this.bn1.call(this.conv1.call(x)));
    out = this.bn2.call(this.conv2.call(out));
    return F.relu(out.add(this.shortcut.call(x)));
  }
}

/** Images `[N, 1, 28, 28]` to the scores of ten classes. */
class ResNet extends nn.Module {
  stem = new nn.Conv2d(1, 16, 3, { padding: 1, bias: false });
  block1 = new ResidualBlock(16, 16);
  block2 = new ResidualBlock(16, 32, 2);
  pool = new nn.AdaptiveAvgPool2d(1);
  fc = new nn.Linear(32, 10);

  forward(images: Tensor): Tensor {
    const x = this.block2.call(this.block1.call(F.relu(this.stem.call(images))));
    return this.fc.call(torch.flatten(this.pool.call(x), 1));
  }
}

/** Trains one step at a time, giving the loss of each batch; returns the accuracy on 1,000 digits. */
export async function* train({ steps = 300, seed = 0 } = {}) {
  const mnist = await loadMnist();
  const digits = (set: typeof mnist.train, count: number) =>
    new TensorDataset(
      torch.tensor(set.images.subarray(0, count * 784), { shape: [count, 1, 28, 28] }).div(255),
      torch.tensor(set.labels.subarray(0, count)).long(),
    );
  torch.manualSeed(seed);
  const net = new ResNet();
  const optimizer = new optim.AdamW(net.parameters(), { lr: 0.03 });
  const scheduler = new optim.lrScheduler.OneCycleLR(optimizer, 0.03, { totalSteps: steps });
  const loader = new DataLoader(digits(mnist.train, 64 * steps), { batchSize: 64, shuffle: true });

  for (const [images, labels] of loader) {
    yield torch.tidy(() => {
      optimizer.zeroGrad();
      const loss = F.crossEntropy(net.call(images!), labels!);
      loss.backward();
      optimizer.step();
      scheduler.step();
      return loss.item();
    });
  }

  const [images, labels] = digits(mnist.test, 1000).tensors;
  net.eval();
  const right = torch.noGrad(() => net.call(images!).argmax(1).eq(labels!).sum().item());
  return `${right} of 1000 test digits are recognised`;
}
