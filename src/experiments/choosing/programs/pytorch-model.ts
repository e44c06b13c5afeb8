/** The article's classifier in PyTorch, from TypeScript. */
import * as torch from 'tandem/torch';

const { nn, optim } = torch;
const { DataLoader, TensorDataset } = torch.utils.data;

export function prepare(pixels: Float32Array, labels: Uint8Array) {
  const images = torch.tensor(pixels).view(-1, 1, 28, 28);
  return new TensorDataset(images, torch.tensor(labels).long());
}

export function build() {
  return new nn.Sequential(
    new nn.Conv2d(1, 32, 3),
    new nn.ReLU(),
    new nn.Conv2d(32, 64, 3),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(64 * 12 * 12, 1024),
    new nn.ReLU(),
    new nn.Linear(1024, 10),
  );
}

export function train(model: torch.nn.Sequential, data: torch.utils.data.TensorDataset) {
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  const criterion = new nn.CrossEntropyLoss();
  const loader = new DataLoader(data, { batchSize: 32, shuffle: true });
  for (const [images, labels] of loader) {
    torch.tidy(() => {
      optimizer.zeroGrad();
      const loss = criterion.call(model.call(images!), labels!);
      loss.backward();
      optimizer.step();
    });
  }
}

export function accuracy(model: torch.nn.Sequential, data: torch.utils.data.TensorDataset) {
  let correct = 0;
  let count = 0;
  torch.noGrad(() => {
    for (const [images, labels] of new DataLoader(data, { batchSize: 100 })) {
      correct += torch.tidy(() => model.call(images!).argmax(1).eq(labels!).sum().item());
      count += labels!.size(0);
    }
  });
  return correct / count;
}
