/** A GPT of nanoGPT's kind: pre-norm blocks, causal attention, tied embeddings, AdamW in two groups, linear warm-up. */
import * as torch from 'tandem/torch';

const { nn } = torch;
const F = nn.functional;
const [blockSize, vocabSize, nLayer, nHead, nEmbd, dropout] = [12, 17, 2, 2, 16, 0.1];

class LayerNorm extends nn.Module {
  weight;
  bias;

  constructor(ndim: number, { bias }: { bias: boolean }) {
    super();
    this.weight = new nn.Parameter(torch.ones(ndim));
    this.bias = bias ? new nn.Parameter(torch.zeros(ndim)) : null;
  }

  forward(input: torch.Tensor) {
    return F.layerNorm(input, this.weight.shape, this.weight, this.bias, 1e-5);
  }
}

class CausalSelfAttention extends nn.Module {
  cAttn = new nn.Linear(nEmbd, 3 * nEmbd, { bias: false });
  cProj = new nn.Linear(nEmbd, nEmbd, { bias: false });
  attnDropout = new nn.Dropout(dropout);
  residDropout = new nn.Dropout(dropout);
  declare mask: torch.Tensor;

  constructor() {
    super();
    this.registerBuffer(
      'mask',
      torch.tril(torch.ones(blockSize, blockSize)).view(1, 1, blockSize, blockSize),
    );
  }

  forward(x: torch.Tensor) {
    const [B, T, C] = x.size();
    let [q, k, v] = this.cAttn.call(x).split(nEmbd, { dim: 2 }) as [
      torch.Tensor,
      torch.Tensor,
      torch.Tensor,
    ];
    k = k.view(B, T, nHead, C / nHead).transpose(1, 2);
    q = q.view(B, T, nHead, C / nHead).transpose(1, 2);
    v = v.view(B, T, nHead, C / nHead).transpose(1, 2);
    let att = q.matmul(k.transpose(-2, -1)).mul(1 / Math.sqrt(k.size(-1)));
    att = att.maskedFill(this.mask.index(`:, :, :${T}, :${T}`).eq(0), Number.NEGATIVE_INFINITY);
    att = F.softmax(att, { dim: -1 });
    att = this.attnDropout.call(att);
    let y = att.matmul(v);
    y = y.transpose(1, 2).contiguous().view(B, T, C);
    return this.residDropout.call(this.cProj.call(y));
  }
}

class MLP extends nn.Module {
  cFc = new nn.Linear(nEmbd, 4 * nEmbd, { bias: false });
  gelu = new nn.GELU();
  cProj = new nn.Linear(4 * nEmbd, nEmbd, { bias: false });
  dropout = new nn.Dropout(dropout);

  forward(x: torch.Tensor) {
    x = this.cFc.call(x);
    x = this.gelu.call(x);
    x = this.cProj.call(x);
    x = this.dropout.call(x);
    return x;
  }
}

class Block extends nn.Module {
  ln1 = new LayerNorm(nEmbd, { bias: false });
  attn = new CausalSelfAttention();
  ln2 = new LayerNorm(nEmbd, { bias: false });
  mlp = new MLP();

  forward(x: torch.Tensor) {
    x = x.add(this.attn.call(this.ln1.call(x)));
    x = x.add(this.mlp.call(this.ln2.call(x)));
    return x;
  }
}

class GPT extends nn.Module {
  transformer = new nn.ModuleDict({
    wte: new nn.Embedding(vocabSize, nEmbd),
    wpe: new nn.Embedding(blockSize, nEmbd),
    drop: new nn.Dropout(dropout),
    h: new nn.ModuleList(Array.from({ length: nLayer }, () => new Block())),
    lnF: new LayerNorm(nEmbd, { bias: false }),
  });
  lmHead = new nn.Linear(nEmbd, vocabSize, { bias: false });

  constructor() {
    super();
    this.transformer.wte.weight = this.lmHead.weight;
    this.apply(this.initWeights);
    for (const [pn, p] of this.namedParameters()) {
      if (pn.endsWith('cProj.weight')) {
        torch.nn.init.normal_(p, 0, 0.02 / Math.sqrt(2 * nLayer));
      }
    }
  }

  initWeights(module: torch.nn.Module) {
    if (module instanceof nn.Linear) {
      torch.nn.init.normal_(module.weight, 0, 0.02);
      if (module.bias !== null) torch.nn.init.zeros_(module.bias);
    } else if (module instanceof nn.Embedding) {
      torch.nn.init.normal_(module.weight, 0, 0.02);
    }
  }

  forward(
    idx: torch.Tensor,
    targets: torch.Tensor | null = null,
  ): [torch.Tensor, torch.Tensor | null] {
    const device = idx.device;
    const [, t] = idx.size();
    const pos = torch.arange(0, t, { dtype: torch.long, device });
    const tokEmb = this.transformer.wte.call(idx);
    const posEmb = this.transformer.wpe.call(pos);
    let x = this.transformer.drop.call(tokEmb.add(posEmb));
    for (const block of this.transformer.h) x = block.call(x);
    x = this.transformer.lnF.call(x);
    if (targets !== null) {
      const logits = this.lmHead.call(x);
      const loss = F.crossEntropy(logits.view(-1, logits.size(-1)), targets.view(-1), {
        ignoreIndex: -1,
      });
      return [logits, loss];
    }
    return [this.lmHead.call(x.index(torch.slice(), [-1], torch.slice())), null];
  }

  configureOptimizers(weightDecay: number, learningRate: number, betas: [number, number]) {
    const params = Array.from(this.namedParameters(), ([, p]) => p).filter((p) => p.requiresGrad);
    const decayParams = params.filter((p) => p.dim() >= 2);
    const nodecayParams = params.filter((p) => p.dim() < 2);
    const optimGroups = [
      { params: decayParams, weightDecay },
      { params: nodecayParams, weightDecay: 0 },
    ];
    return new torch.optim.AdamW(optimGroups, { lr: learningRate, betas });
  }

  generate(
    idx: torch.Tensor,
    maxNewTokens: number,
    { temperature = 1, topK = null as number | null } = {},
  ) {
    return torch.noGrad(() => {
      for (let i = 0; i < maxNewTokens; i++) {
        const idxCond = idx.size(1) <= blockSize ? idx : idx.index(`:, -${blockSize}:`);
        let [logits] = this.call(idxCond);
        logits = logits.index(':, -1, :').div(temperature);
        if (topK !== null) {
          const [v] = torch.topk(logits, Math.min(topK, logits.size(-1)));
          logits.indexSet(logits.lt(v.index(torch.slice(), [-1])), Number.NEGATIVE_INFINITY);
        }
        const probs = F.softmax(logits, { dim: -1 });
        const idxNext = torch.multinomial(probs, 1);
        idx = torch.cat([idx, idxNext], { dim: 1 });
      }
      return idx;
    });
  }
}

export function* main() {
  torch.manualSeed(1337);
  const data = torch.randint(vocabSize, [200]);
  const model = new GPT();
  const [learningRate, warmupIters, maxIters, minLr, gradClip] = [1e-2, 2, 6, 1e-3, 1];
  const optimizer = model.configureOptimizers(1e-1, learningRate, [0.9, 0.95]);

  function getBatch(): [torch.Tensor, torch.Tensor] {
    const ix = torch.randint(data.size(0) - blockSize, [4]).tolist() as number[];
    const x = torch.stack(ix.map((i) => data.index(torch.slice(i, i + blockSize))));
    const y = torch.stack(ix.map((i) => data.index(torch.slice(i + 1, i + 1 + blockSize))));
    return [x, y];
  }

  function getLr(it: number) {
    if (it < warmupIters) return (learningRate * (it + 1)) / (warmupIters + 1);
    const decayRatio = (it - warmupIters) / (maxIters - warmupIters);
    const coeff = 1 - decayRatio;
    return minLr + coeff * (learningRate - minLr);
  }

  for (let iter = 0; iter < maxIters; iter++) {
    const lr = getLr(iter);
    for (const paramGroup of optimizer.paramGroups) paramGroup.lr = lr;
    let loss!: torch.Tensor;
    for (let microStep = 0; microStep < 2; microStep++) {
      const [X, Y] = getBatch();
      const [, crossEntropy] = model.call(X, Y);
      loss = crossEntropy!.div(2);
      loss.backward();
    }
    torch.nn.utils.clipGradNorm_(model.parameters(), gradClip);
    optimizer.step();
    optimizer.zeroGrad({ setToNone: true });
    yield loss.item();
  }
  model.eval();
  const start = torch.zeros([1, 1], { dtype: torch.long });
  yield* model.generate(start, 16, { temperature: 0.8, topK: 5 }).index(0).tolist() as number[];
}
