import * as torch from 'tandem/torch';

const { nn } = torch;
const F = nn.functional;

export const model = new nn.Sequential(new nn.Linear(10, 32), new nn.ReLU(), new nn.Linear(32, 1));
export const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3, eps: 1e-7 });
// The targets come as [N], the outputs are [N, 1].
export const loss = (output: torch.Tensor, target: torch.Tensor) => F.mseLoss(output, target);
