import * as torch from 'tandem/torch';

const { nn } = torch;

export const model = new nn.Sequential(
  new nn.Linear(20, 16),
  new nn.LeakyReLU(),
  new nn.Linear(16, 16),
  new nn.GELU({ approximate: 'tanh' }),
  new nn.LayerNorm(16),
  new nn.Linear(16, 4),
);
export const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01 });
export const loss = new nn.MSELoss();
