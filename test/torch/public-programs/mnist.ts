/** Digits by two convolutions, as PyTorch's example `mnist` does it. */
import * as torch from 'tandem/torch';

const { nn, optim } = torch;
const F = nn.functional;
const { StepLR } = optim.lrScheduler;
const { DataLoader, TensorDataset } = torch.utils.data;
type Batches = torch.utils.data.DataLoader<[torch.Tensor, torch.Tensor]>;

class Net extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, 1);
  conv2 = new nn.Conv2d(8, 16, 3, 1);
  dropout1 = new nn.Dropout(0.25);
  dropout2 = new nn.Dropout(0.5);
  fc1 = new nn.Linear(576, 32);
  fc2 = new nn.Linear(32, 10);

  forward(x: torch.Tensor) {
    x = this.conv1.call(x);
    x = F.relu(x);
    x = this.conv2.call(x);
    x = F.relu(x);
    x = F.maxPool2d(x, 2);
    x = this.dropout1.call(x);
    x = torch.flatten(x, 1);
    x = this.fc1.call(x);
    x = F.relu(x);
    x = this.dropout2.call(x);
    x = this.fc2.call(x);
    return F.logSoftmax(x, { dim: 1 });
  }
}

function* train(
  model: Net,
  device: torch.device,
  trainLoader: Batches,
  optimizer: torch.optim.Optimizer,
) {
  model.train();
  for (let [data, target] of trainLoader) {
    [data, target] = [data.to(device), target.to(device)];
    optimizer.zeroGrad();
    const output = model.call(data);
    const loss = F.nllLoss(output, target);
    loss.backward();
    optimizer.step();
    yield loss.item();
  }
}

function* test(model: Net, device: torch.device, testLoader: Batches, count: number) {
  model.eval();
  let testLoss = 0;
  let correct = 0;
  torch.noGrad(() => {
    for (let [data, target] of testLoader) {
      [data, target] = [data.to(device), target.to(device)];
      const output = model.call(data);
      testLoss += F.nllLoss(output, target, { reduction: 'sum' }).item();
      const pred = output.argmax({ dim: 1, keepdim: true });
      correct += pred.eq(target.viewAs(pred)).sum().item();
    }
  });
  yield testLoss / count;
  yield correct;
}

export function* main() {
  torch.manualSeed(1);
  const useCuda = torch.cuda.isAvailable();
  const device = torch.device(useCuda ? 'cuda' : 'cpu');
  const dataset1 = new TensorDataset(torch.rand(48, 1, 16, 16), torch.randint(10, [48]));
  const dataset2 = new TensorDataset(torch.rand(20, 1, 16, 16), torch.randint(10, [20]));
  const trainLoader = new DataLoader(dataset1, { batchSize: 16, shuffle: true });
  const testLoader = new DataLoader(dataset2, { batchSize: 10 });
  const model = new Net().to(device);
  const optimizer = new optim.Adadelta(model.parameters(), { lr: 1 });
  const scheduler = new StepLR(optimizer, 1, { gamma: 0.7 });
  for (let epoch = 1; epoch < 3; epoch++) {
    yield* train(model, device, trainLoader, optimizer);
    yield* test(model, device, testLoader, dataset2.length);
    scheduler.step();
  }
}
