import * as torch from 'tandem/torch';

const { nn } = torch;

class Net extends nn.Module {
  conv = new nn.Conv2d(3, 8, 3);
  bn = new nn.BatchNorm2d(8);
  fc = new nn.Linear(8, 5);
  forward(x: torch.Tensor) {
    const y = torch.relu(this.bn.call(this.conv.call(x)));
    return this.fc.call(y.mean([2, 3]));
  }
}
export const model = new Net();
export const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.05 });
export const loss = new nn.CrossEntropyLoss();
