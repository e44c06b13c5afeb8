/** The next word of a text, as PyTorch's example `word_language_model` learns it, by an LSTM and a Transformer. */
import * as torch from 'tandem/torch';

const { nn } = torch;
const F = nn.functional;
type Hidden = [torch.Tensor, torch.Tensor];

class RNNModel extends nn.Module {
  drop;
  encoder;
  rnn;
  decoder;

  constructor(
    readonly ntoken: number,
    ninp: number,
    readonly nhid: number,
    readonly nlayers: number,
    dropout = 0.5,
    tieWeights = false,
  ) {
    super();
    this.drop = new nn.Dropout(dropout);
    this.encoder = new nn.Embedding(ntoken, ninp);
    this.rnn = new nn.LSTM(ninp, nhid, nlayers, { dropout });
    this.decoder = new nn.Linear(nhid, ntoken);
    if (tieWeights) this.decoder.weight = this.encoder.weight;
    this.initWeights();
  }

  initWeights() {
    const initrange = 0.1;
    nn.init.uniform_(this.encoder.weight, -initrange, initrange);
    nn.init.zeros_(this.decoder.bias!);
    nn.init.uniform_(this.decoder.weight, -initrange, initrange);
  }

  forward(input: torch.Tensor, hidden: Hidden): [torch.Tensor, Hidden] {
    const emb = this.drop.call(this.encoder.call(input));
    let [output, next] = this.rnn.call(emb, hidden);
    output = this.drop.call(output);
    let decoded = this.decoder.call(output);
    decoded = decoded.view(-1, this.ntoken);
    return [F.logSoftmax(decoded, { dim: 1 }), next];
  }

  initHidden(bsz: number): Hidden {
    const [weight] = this.parameters();
    return [
      weight!.newZeros([this.nlayers, bsz, this.nhid]),
      weight!.newZeros([this.nlayers, bsz, this.nhid]),
    ];
  }
}

class PositionalEncoding extends nn.Module {
  dropout;
  declare pe: torch.Tensor;

  constructor(dModel: number, dropout = 0.1, maxLen = 64) {
    super();
    this.dropout = new nn.Dropout({ p: dropout });
    let pe = torch.zeros(maxLen, dModel);
    const position = torch.arange(0, maxLen, { dtype: torch.float }).unsqueeze(1);
    const divTerm = torch.exp(
      torch
        .arange(0, dModel, 2)
        .float()
        .mul(-Math.log(10000) / dModel),
    );
    pe.indexSet(':, 0::2', torch.sin(position.mul(divTerm)));
    pe.indexSet(':, 1::2', torch.cos(position.mul(divTerm)));
    pe = pe.unsqueeze(0).transpose(0, 1);
    this.registerBuffer('pe', pe);
  }

  forward(x: torch.Tensor) {
    x = x.add(this.pe.index(torch.slice(x.size(0)), torch.slice()));
    return this.dropout.call(x);
  }
}

class TransformerModel extends nn.Transformer {
  posEncoder;
  inputEmb;
  ninp;
  // Python gives the whole model's decoder another kind of module.
  declare decoder: never;

  constructor(
    ntoken: number,
    ninp: number,
    nhead: number,
    nhid: number,
    nlayers: number,
    dropout = 0.5,
  ) {
    super({ dModel: ninp, nhead, dimFeedforward: nhid, numEncoderLayers: nlayers });
    this.posEncoder = new PositionalEncoding(ninp, dropout);
    this.inputEmb = new nn.Embedding(ntoken, ninp);
    this.ninp = ninp;
    this.decoder = new nn.Linear(ninp, ntoken) as never;
    this.initWeights();
  }

  initWeights() {
    const initrange = 0.1;
    const decoder = this.decoder as torch.nn.Linear;
    nn.init.uniform_(this.inputEmb.weight, -initrange, initrange);
    nn.init.zeros_(decoder.bias!);
    nn.init.uniform_(decoder.weight, -initrange, initrange);
  }

  override forward(src: torch.Tensor) {
    const srcMask = torch.log(torch.tril(torch.ones(src.size(0), src.size(0))));
    src = this.inputEmb.call(src).mul(Math.sqrt(this.ninp));
    src = this.posEncoder.call(src);
    let output = this.encoder.call(src, { mask: srcMask });
    output = (this.decoder as torch.nn.Linear).call(output);
    return F.logSoftmax(output, { dim: -1 });
  }
}

function batchify(data: torch.Tensor, bsz: number) {
  const nbatch = Math.floor(data.size(0) / bsz);
  data = data.narrow(0, 0, nbatch * bsz);
  return data.view(bsz, -1).t().contiguous();
}

const repackageHidden = (h: Hidden): Hidden => [h[0].detach(), h[1].detach()];

function getBatch(source: torch.Tensor, i: number, bptt = 7): [torch.Tensor, torch.Tensor] {
  const seqLen = Math.min(bptt, source.size(0) - 1 - i);
  const data = source.index(torch.slice(i, i + seqLen));
  const target = source.index(torch.slice(i + 1, i + 1 + seqLen)).view(-1);
  return [data, target];
}

export function* main() {
  torch.manualSeed(1111);
  const [ntokens, lr, bptt, clip] = [20, 20, 7, 0.25];
  const trainData = batchify(torch.randint(ntokens, [130]), 4);
  const criterion = new nn.NLLLoss();
  for (const model of [
    new RNNModel(ntokens, 12, 12, 2, 0.2, true),
    new TransformerModel(ntokens, 12, 2, 16, 2, 0.2),
  ]) {
    model.train();
    let hidden = model instanceof RNNModel ? model.initHidden(4) : null;
    for (let i = 0; i < trainData.size(0) - 1; i += bptt) {
      const [data, targets] = getBatch(trainData, i);
      model.zeroGrad();
      let output: torch.Tensor;
      if (model instanceof RNNModel) {
        hidden = repackageHidden(hidden!);
        [output, hidden] = model.call(data, hidden);
      } else {
        output = model.call(data);
        output = output.view(-1, ntokens);
      }
      const loss = criterion.call(output, targets);
      loss.backward();
      torch.nn.utils.clipGradNorm_(model.parameters(), clip);
      for (const p of model.parameters()) {
        if (p.grad !== null) p.data.add_(p.grad, { alpha: -lr });
      }
      yield loss.item();
    }
  }
}
