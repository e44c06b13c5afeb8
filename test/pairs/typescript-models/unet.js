const torch = require('tandem/torch');
const { nn } = torch;
class Net extends nn.Module {
  constructor() {
    super();
    this.down = new nn.Conv2d(1, 4, 3, { padding: 'same' });
    this.pool = new nn.MaxPool2d(2);
    this.middle = new nn.Conv2d(4, 4, 3, { padding: 1 });
    this.up = new nn.ConvTranspose2d(4, 4, 2, { stride: 2 });
    this.drop = new nn.Dropout2d(0.2);
    this.out = new nn.Conv2d(8, 1, 1);
  }
  forward(x) {
    const a = torch.relu(this.down.call(x));
    let y = this.up.call(torch.relu(this.middle.call(this.pool.call(a))));
    y = torch.cat([a, this.drop.call(y)], 1);
    return this.out.call(y);
  }
}
exports.model = new Net();
exports.inputs = torch.randn(2, 1, 8, 8);
exports.targets = torch.ones(2, 1, 8, 8);
exports.loss = new nn.BCEWithLogitsLoss({ posWeight: torch.tensor([2.0]) });
exports.optimizer = new torch.optim.RMSprop(exports.model.parameters(), {
  lr: 0.01,
  momentum: 0.5,
});
