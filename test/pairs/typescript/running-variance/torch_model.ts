import * as torch from 'tandem/torch';

const { nn } = torch;

class Net extends nn.Module {
  fc = new nn.Linear(8 * 12 * 12, 7);
  bn = new nn.BatchNorm2d(8);
  conv = new nn.Conv2d(3, 8, 3, { padding: 1, bias: false });
  depthwise = new nn.Conv2d(8, 8, 3, { padding: 1, groups: 8 });
  forward(x: torch.Tensor) {
    const y = torch.relu(this.bn.call(this.conv.call(x)));
    const z = torch.maxPool2d(y.add(this.depthwise.call(y)), 2);
    return this.fc.call(torch.flatten(z, 1));
  }
}
export const model = new Net();
export const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3, eps: 1e-7 });
export const loss = new nn.CrossEntropyLoss();
