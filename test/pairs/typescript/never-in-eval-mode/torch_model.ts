import * as torch from 'tandem/torch';

const { nn } = torch;
const F = nn.functional;

class Net extends nn.Module {
  fc1 = new nn.Linear(40, 64);
  fc2 = new nn.Linear(64, 2);
  forward(x: torch.Tensor) {
    // Drops also in evaluation: F.dropout asks for training: this.training.
    return this.fc2.call(F.dropout(F.relu(this.fc1.call(x)), 0.5));
  }
}
export const model = new Net();
export const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01 });
export const loss = new nn.CrossEntropyLoss();
