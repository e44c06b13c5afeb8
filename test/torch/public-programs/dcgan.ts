/** Two networks against each other, as PyTorch's example `dcgan` has them. */
import * as torch from 'tandem/torch';

const { nn, optim } = torch;
const [nz, ngf, ndf, nc] = [8, 4, 4, 3];

function weightsInit(m: torch.nn.Module) {
  const classname = m.constructor.name;
  if (classname.includes('Conv')) {
    torch.nn.init.normal_((m as torch.nn.Conv2d).weight, 0, 0.02);
  } else if (classname.includes('BatchNorm')) {
    torch.nn.init.normal_((m as torch.nn.BatchNorm2d).weight!, 1, 0.02);
    torch.nn.init.zeros_((m as torch.nn.BatchNorm2d).bias!);
  }
}

class Generator extends nn.Module {
  main = new nn.Sequential(
    new nn.ConvTranspose2d(nz, ngf * 2, 4, 1, 0, { bias: false }),
    new nn.BatchNorm2d(ngf * 2),
    new nn.ReLU(true),
    new nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, { bias: false }),
    new nn.BatchNorm2d(ngf),
    new nn.ReLU(true),
    new nn.ConvTranspose2d(ngf, nc, 4, 2, 1, { bias: false }),
    new nn.Tanh(),
  );

  forward(input: torch.Tensor): torch.Tensor {
    return this.main.call(input);
  }
}

class Discriminator extends nn.Module {
  main = new nn.Sequential(
    new nn.Conv2d(nc, ndf, 4, 2, 1, { bias: false }),
    new nn.LeakyReLU(0.2, { inplace: true }),
    new nn.Conv2d(ndf, ndf * 2, 4, 2, 1, { bias: false }),
    new nn.BatchNorm2d(ndf * 2),
    new nn.LeakyReLU(0.2, { inplace: true }),
    new nn.Conv2d(ndf * 2, 1, 4, 1, 0, { bias: false }),
    new nn.Sigmoid(),
  );

  forward(input: torch.Tensor): torch.Tensor {
    return this.main.call(input).view(-1, 1).squeeze(1);
  }
}

export function* main() {
  torch.manualSeed(999);
  const device = torch.device('cpu');
  const dataset = torch.rand(4, 8, nc, 16, 16).mul(2).sub(1);
  const netG = new Generator().to(device);
  netG.apply(weightsInit);
  const netD = new Discriminator().to(device);
  netD.apply(weightsInit);
  const criterion = new nn.BCELoss();
  const [realLabel, fakeLabel] = [1, 0];
  const optimizerD = new optim.Adam(netD.parameters(), { lr: 0.0002, betas: [0.5, 0.999] });
  const optimizerG = new optim.Adam(netG.parameters(), { lr: 0.0002, betas: [0.5, 0.999] });
  for (const data of dataset) {
    netD.zeroGrad();
    const real = data.to(device);
    const batchSize = real.size(0);
    const label = torch.full([batchSize], realLabel, { dtype: real.dtype, device });
    let output = netD.call(real);
    const errDReal = criterion.call(output, label);
    errDReal.backward();

    const noise = torch.randn(batchSize, nz, 1, 1, { device });
    const fake = netG.call(noise);
    label.fill_(fakeLabel);
    output = netD.call(fake.detach());
    const errDFake = criterion.call(output, label);
    errDFake.backward();
    const errD = errDReal.add(errDFake);
    optimizerD.step();

    netG.zeroGrad();
    label.fill_(realLabel);
    output = netD.call(fake);
    const errG = criterion.call(output, label);
    errG.backward();
    optimizerG.step();
    yield errD.item();
    yield errG.item();
  }
}
