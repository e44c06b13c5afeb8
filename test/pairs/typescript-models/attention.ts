import * as torch from 'tandem/torch';
import { nn, type Tensor } from 'tandem/torch';

class Block extends nn.Module {
  norm1 = new nn.LayerNorm(16);
  attention = new nn.MultiheadAttention(16, 4, { batchFirst: true });
  norm2 = new nn.LayerNorm(16);
  mlp = new nn.Sequential(new nn.Linear(16, 32), new nn.GELU(), new nn.Linear(32, 16));
  forward(x: Tensor) {
    const y = this.norm1.call(x);
    const [out] = this.attention.call(y, y, y);
    x = x.add(out);
    return x.add(this.mlp.call(this.norm2.call(x)));
  }
}
class Net extends nn.Module {
  embedding = new nn.Embedding(40, 16);
  position = new nn.Parameter(torch.randn(1, 12, 16));
  blocks = new nn.ModuleList([new Block(), new Block()]);
  head = new nn.Linear(16, 3);
  forward(ids: Tensor) {
    let x = this.embedding.call(ids).add(this.position);
    for (const block of this.blocks) x = (block as Block).call(x);
    return this.head.call(x.mean(1));
  }
}
export const model = new Net();
export const inputs = torch.randint(0, 40, [4, 12]);
export const targets = torch.tensor([0, 1, 2, 0]);
export const loss = new nn.CrossEntropyLoss({ labelSmoothing: 0.1 });
export const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 1e-3 });
