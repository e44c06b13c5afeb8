import * as torch from 'tandem/torch';

const { nn } = torch;

export const model = new nn.Sequential(
  new nn.Conv2d(1, 16, 3),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Flatten(),
  new nn.Linear(16 * 13 * 13, 10),
  new nn.Softmax({ dim: 1 }),
);
export const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.01 });
export const loss = new nn.CrossEntropyLoss();
