import * as torch from 'tandem/torch';

const { nn } = torch;

export const model = new nn.Sequential(new nn.Linear(30, 64), new nn.Tanh(), new nn.Linear(64, 3));
export const optimizer = new torch.optim.RMSprop(model.parameters(), { lr: 1e-3 });
export const loss = new nn.CrossEntropyLoss();
