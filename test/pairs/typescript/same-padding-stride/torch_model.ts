import * as torch from 'tandem/torch';

const { nn } = torch;

class Net extends nn.Module {
  conv1 = new nn.Conv2d(3, 8, 3, { stride: 2, padding: 1 });
  conv2 = new nn.Conv2d(8, 16, 3, { stride: 2, padding: 1 });
  fc = new nn.Linear(16 * 8 * 8, 10);
  forward(x: torch.Tensor) {
    const y = torch.relu(this.conv1.call(x));
    const z = torch.relu(this.conv2.call(y));
    return this.fc.call(torch.flatten(z, 1));
  }
}
export const model = new Net();
export const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01 });
export const loss = new nn.CrossEntropyLoss();
