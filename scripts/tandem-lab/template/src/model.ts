import * as torch from 'tandem/torch';

const { nn } = torch;

/** Two numbers to one: a hidden layer with tanh between two linear ones. */
export class Net extends nn.Module {
  hidden = new nn.Linear(2, 16);
  output = new nn.Linear(16, 1);

  /** From [N, 2] to [N, 1]. */
  override forward(x: torch.Tensor): torch.Tensor {
    return this.output.call(this.hidden.call(x).tanh());
  }
}
