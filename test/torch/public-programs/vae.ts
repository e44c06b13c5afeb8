/** A variational auto-encoder, as PyTorch's example `vae` has it. */
import * as torch from 'tandem/torch';

const { nn, optim } = torch;
const F = nn.functional;

class VAE extends nn.Module {
  fc1 = new nn.Linear(64, 32);
  fc21 = new nn.Linear(32, 4);
  fc22 = new nn.Linear(32, 4);
  fc3 = new nn.Linear(4, 32);
  fc4 = new nn.Linear(32, 64);

  encode(x: torch.Tensor): [torch.Tensor, torch.Tensor] {
    const h1 = F.relu(this.fc1.call(x));
    return [this.fc21.call(h1), this.fc22.call(h1)];
  }

  reparameterize(mu: torch.Tensor, logvar: torch.Tensor) {
    const std = torch.exp(logvar.mul(0.5));
    const eps = torch.randnLike(std);
    return mu.add(eps.mul(std));
  }

  decode(z: torch.Tensor) {
    const h3 = F.relu(this.fc3.call(z));
    return torch.sigmoid(this.fc4.call(h3));
  }

  forward(x: torch.Tensor): [torch.Tensor, torch.Tensor, torch.Tensor] {
    const [mu, logvar] = this.encode(x.view(-1, 64));
    const z = this.reparameterize(mu, logvar);
    return [this.decode(z), mu, logvar];
  }
}

function lossFunction(
  reconX: torch.Tensor,
  x: torch.Tensor,
  mu: torch.Tensor,
  logvar: torch.Tensor,
) {
  const BCE = F.binaryCrossEntropy(reconX, x.view(-1, 64), { reduction: 'sum' });
  const KLD = torch.sum(torch.add(1, logvar).sub(mu.pow(2)).sub(logvar.exp())).mul(-0.5);
  return BCE.add(KLD);
}

export function* main() {
  torch.manualSeed(1);
  const device = torch.device('cpu');
  const loader = torch.rand(6, 16, 1, 8, 8);
  const model = new VAE().to(device);
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  model.train();
  for (let data of loader) {
    data = data.to(device);
    optimizer.zeroGrad();
    const [reconBatch, mu, logvar] = model.call(data);
    const loss = lossFunction(reconBatch, data, mu, logvar);
    loss.backward();
    optimizer.step();
    yield loss.item() / data.size(0);
  }
  yield torch.noGrad(() => {
    let sample = torch.randn(4, 4).to(device);
    sample = model.decode(sample).cpu();
    return sample.view(4, 1, 8, 8).sum().item();
  });
}
