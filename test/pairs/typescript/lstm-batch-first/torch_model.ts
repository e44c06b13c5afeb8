import * as torch from 'tandem/torch';

const { nn } = torch;

class Net extends nn.Module {
  embedding = new nn.Embedding(50, 10);
  lstm = new nn.LSTM(10, 24);
  fc = new nn.Linear(24, 1);
  forward(x: torch.Tensor) {
    const [out] = this.lstm.call(this.embedding.call(x));
    return torch.sigmoid(this.fc.call(out.index(':, -1')));
  }
}
export const model = new Net();
export const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3 });
export const loss = new nn.BCELoss();
