import * as torch from 'tandem/torch';

const { nn } = torch;
const F = nn.functional;
class Net extends nn.Module {
  encoder = new nn.Linear(8, 4, { bias: false });
  scale = new nn.Parameter(torch.ones(1));
  constructor() {
    super();
    this.registerBuffer('shift', torch.full([8], 0.5));
  }
  shift!: torch.Tensor;
  forward(x: torch.Tensor) {
    const h = F.softplus(this.encoder.call(x));
    return F.linear(h, this.encoder.weight.t()).mul(this.scale).add(this.shift);
  }
}
export const model = new Net();
export const loss = (output: torch.Tensor, target: torch.Tensor) =>
  output.sub(target).pow(2).mean();
export const optimizer = new torch.optim.Adam(
  [{ params: [model.scale], lr: 0.1 }, { params: [model.encoder.weight] }],
  { lr: 0.01 },
);
