/** Larger images from small ones, as PyTorch's example `super_resolution` makes them. */
import * as torch from 'tandem/torch';

const { nn, optim } = torch;
const { init } = nn;

class Net extends nn.Module {
  relu;
  conv1;
  conv2;
  conv3;
  conv4;
  pixelShuffle;

  constructor({ upscaleFactor }: { upscaleFactor: number }) {
    super();
    this.relu = new nn.ReLU();
    this.conv1 = new nn.Conv2d(1, 16, [5, 5], [1, 1], [2, 2]);
    this.conv2 = new nn.Conv2d(16, 16, [3, 3], [1, 1], [1, 1]);
    this.conv3 = new nn.Conv2d(16, 8, [3, 3], [1, 1], [1, 1]);
    this.conv4 = new nn.Conv2d(8, upscaleFactor ** 2, [3, 3], [1, 1], [1, 1]);
    this.pixelShuffle = new nn.PixelShuffle(upscaleFactor);
    this.initializeWeights();
  }

  forward(x: torch.Tensor) {
    x = this.relu.call(this.conv1.call(x));
    x = this.relu.call(this.conv2.call(x));
    x = this.relu.call(this.conv3.call(x));
    x = this.pixelShuffle.call(this.conv4.call(x));
    return x;
  }

  initializeWeights() {
    init.orthogonal_(this.conv1.weight, { gain: init.calculateGain('relu') });
    init.orthogonal_(this.conv2.weight, { gain: init.calculateGain('relu') });
    init.orthogonal_(this.conv3.weight, { gain: init.calculateGain('relu') });
    init.orthogonal_(this.conv4.weight);
  }
}

export function* main() {
  torch.manualSeed(123);
  const device = torch.device('cpu');
  const targets = torch.rand(3, 4, 1, 16, 16);
  let inputs = nn.functional.interpolate(targets.flatten(0, 1), {
    scaleFactor: 0.5,
    mode: 'bilinear',
  });
  inputs = inputs.view(3, 4, 1, 8, 8);
  const model = new Net({ upscaleFactor: 2 }).to(device);
  const criterion = new nn.MSELoss();
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  for (let epoch = 1; epoch < 3; epoch++) {
    for (let i = 0; i < inputs.size(0); i++) {
      const [input, target] = [inputs.index(i).to(device), targets.index(i).to(device)];
      optimizer.zeroGrad();
      const loss = criterion.call(model.call(input), target);
      yield loss.item();
      loss.backward();
      optimizer.step();
    }
    yield torch.noGrad(() => criterion.call(model.call(inputs.index(0)), targets.index(0)).item());
  }
}
