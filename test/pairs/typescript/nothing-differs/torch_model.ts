import * as torch from 'tandem/torch';

const { nn } = torch;

class Net extends nn.Module {
  // Declared in another order than they are used in.
  head = new nn.Linear(32, 7);
  hidden = new nn.Linear(8 * 12 * 12, 32);
  conv = new nn.Conv2d(3, 8, 3, { padding: 1, bias: false });
  depthwise = new nn.Conv2d(8, 8, 3, { padding: 1, groups: 8 });
  forward(x: torch.Tensor) {
    const y = torch.relu(this.conv.call(x));
    const z = torch.maxPool2d(y.add(this.depthwise.call(y)), 2);
    return this.head.call(torch.relu(this.hidden.call(torch.flatten(z, 1))));
  }
}
export const model = new Net();
export const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01 });
export const loss = new nn.CrossEntropyLoss();
