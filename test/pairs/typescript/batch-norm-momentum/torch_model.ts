import * as torch from 'tandem/torch';

const { nn } = torch;

export const model = new nn.Sequential(
  new nn.Linear(20, 16),
  new nn.BatchNorm1d(16, { momentum: 0.99, eps: 1e-5 }),
  new nn.ReLU(),
  new nn.Linear(16, 1),
);
export const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3, eps: 1e-7 });
export const loss = new nn.MSELoss();
