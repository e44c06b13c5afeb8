import * as torch from 'tandem/torch';

const { nn } = torch;

export const model = new nn.Sequential(new nn.Linear(30, 64), new nn.ReLU(), new nn.Linear(64, 3));
export const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1, weightDecay: 0.01 });
export const loss = new nn.CrossEntropyLoss();
