/** Whether two images show one thing, as PyTorch's example `siamese_network` learns it. */
import * as torch from 'tandem/torch';

const { nn, optim } = torch;
const { StepLR } = optim.lrScheduler;
const { DataLoader, Dataset } = torch.utils.data;

class SiameseNetwork extends nn.Module {
  features = new nn.Sequential(
    new nn.Conv2d(1, 6, 3, 2, 1, { bias: false }),
    new nn.BatchNorm2d(6),
    new nn.ReLU({ inplace: true }),
    new nn.Conv2d(6, 8, { kernelSize: [3, 3], stride: [2, 2], padding: [1, 1] }),
    new nn.AdaptiveAvgPool2d([1, 1]),
  );
  fc = new nn.Sequential(
    new nn.Linear(16, 12),
    new nn.ReLU({ inplace: true }),
    new nn.Linear(12, 1),
  );
  sigmoid = new nn.Sigmoid();

  constructor() {
    super();
    this.features.apply(this.initWeights);
    this.fc.apply(this.initWeights);
  }

  initWeights(m: torch.nn.Module) {
    if (m instanceof nn.Linear) {
      torch.nn.init.xavierUniform_(m.weight);
      m.bias!.data.fill_(0.01);
    }
  }

  forwardOnce(x: torch.Tensor): torch.Tensor {
    let output: torch.Tensor = this.features.call(x);
    output = output.view(output.size()[0], -1);
    return output;
  }

  forward(input1: torch.Tensor, input2: torch.Tensor): torch.Tensor {
    const output1 = this.forwardOnce(input1);
    const output2 = this.forwardOnce(input2);
    let output = torch.cat([output1, output2], 1);
    output = this.fc.call(output);
    output = this.sigmoid.call(output);
    return output;
  }
}

class Pairs extends Dataset<[torch.Tensor, torch.Tensor, torch.Tensor]> {
  data;
  targets;

  constructor(count: number) {
    super();
    this.data = torch.rand(count, 12, 12);
    this.targets = torch.randint(0, 3, [count]);
  }

  get length() {
    return this.data.shape[0];
  }

  get(index: number): [torch.Tensor, torch.Tensor, torch.Tensor] {
    const image1 = this.data.index(index).unsqueeze(0);
    const other = torch.randint(0, this.length, [1]).item();
    const image2 = this.data.index(other).unsqueeze(0);
    const same = this.targets.index(index).equal(this.targets.index(other));
    const target = torch.tensor(same ? 1 : 0, { dtype: torch.float });
    return [image1, image2, target];
  }
}

export function* main() {
  torch.manualSeed(1);
  const device = torch.device('cpu');
  const trainLoader = new DataLoader(new Pairs(24), { shuffle: true, batchSize: 6 });
  const model = new SiameseNetwork().to(device);
  const optimizer = new optim.Adadelta(model.parameters(), { lr: 1 });
  const scheduler = new StepLR(optimizer, 1, { gamma: 0.7 });
  const criterion = new nn.BCELoss();
  for (let epoch = 1; epoch < 3; epoch++) {
    model.train();
    for (let [images1, images2, targets] of trainLoader) {
      [images1, images2, targets] = [images1.to(device), images2.to(device), targets.to(device)];
      optimizer.zeroGrad();
      const outputs = model.call(images1, images2).squeeze();
      const loss = criterion.call(outputs, targets);
      loss.backward();
      optimizer.step();
      yield loss.item();
    }
    scheduler.step();
  }
}
