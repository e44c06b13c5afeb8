import * as torch from 'tandem/torch';

const { nn } = torch;

class Net extends nn.Module {
  gru = new nn.GRU(6, 8, { batchFirst: true });
  fc = new nn.Linear(8, 1);
  forward(x: torch.Tensor) {
    const [, last] = this.gru.call(x);
    return this.fc.call(last.index(0));
  }
}
export const model = new Net();
export const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3, eps: 1e-7 });
export const loss = new nn.MSELoss();
