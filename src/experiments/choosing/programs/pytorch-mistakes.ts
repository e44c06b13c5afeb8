/** Five mistakes in PyTorch, from TypeScript. Errors that the compiler reports are marked as expected. */
import * as torch from 'tandem/torch';

const { nn } = torch;

export const mistakes: Readonly<Record<string, () => unknown>> = {
  features: () => new nn.Linear(784, 10).call(torch.zeros(32, 64)),

  label: () => new nn.CrossEntropyLoss().call(torch.zeros(1, 10), torch.tensor([10])),

  decimals: () => new nn.CrossEntropyLoss().call(torch.zeros(1, 10), torch.tensor([3.5])),

  // @ts-expect-error
  option: () => new nn.Conv2d(1, 32, 3, { paddding: 1 }),

  shapes: () => torch.ones(2, 3).add(torch.ones(4)),
};
