import * as torch from 'tandem-torch';
import type { LayerCase } from './case';
import { type Inputs, on, type Row, randn } from './layers/rows';

const { nn } = torch;
const F = nn.functional;

const loss = (inputs: Inputs, rows: readonly Row[], frozen?: readonly number[]): LayerCase[] =>
  on(inputs, rows, { kind: 'loss', ...(frozen && { frozen }) });

const pair: Inputs = randn([4, 6], [4, 6]);
const weight = {
  python: 'torch.tensor([0.5, 1.5, 2.0, 0.25, 1.0, 3.0])',
  make: () => torch.tensor([0.5, 1.5, 2, 0.25, 1, 3]),
};
const classes: Inputs = {
  python: '(torch.randn(4, 6), torch.tensor([1, 0, 5, 3]))',
  make: () => [torch.randn(4, 6), torch.tensor([1, 0, 5, 3])],
};
const logProbs: Inputs = {
  python: '(torch.randn(4, 6).log_softmax(1), torch.tensor([1, 0, 5, 3]))',
  make: () => [torch.randn(4, 6).logSoftmax(1), torch.tensor([1, 0, 5, 3])],
};
const pixels: Inputs = {
  python: '(torch.randn(2, 6, 3, 3), torch.randint(0, 6, (2, 3, 3)))',
  make: () => [torch.randn(2, 6, 3, 3), torch.randint(0, 6, [2, 3, 3])],
};
const probabilities: Inputs = {
  python: '(torch.rand(4, 6), torch.rand(4, 6))',
  make: () => [torch.rand(4, 6), torch.rand(4, 6)],
};
const signs: Inputs = {
  python: '(torch.randn(4, 6), torch.randn(4, 6).sign())',
  make: () => [torch.randn(4, 6), torch.randn(4, 6).sign()],
};

const regression: readonly LayerCase[] = [
  ...loss(pair, [
    ['nn.L1Loss()', () => new nn.L1Loss()],
    ["nn.L1Loss(reduction='sum')", () => new nn.L1Loss({ reduction: 'sum' })],
    ["nn.L1Loss(reduction='none')", () => new nn.L1Loss({ reduction: 'none' })],
    ['nn.MSELoss()', () => new nn.MSELoss()],
    ["nn.MSELoss(reduction='sum')", () => new nn.MSELoss({ reduction: 'sum' })],
    ["nn.MSELoss(reduction='none')", () => new nn.MSELoss({ reduction: 'none' })],
    ['nn.HuberLoss()', () => new nn.HuberLoss()],
    [
      "nn.HuberLoss(reduction='sum', delta=0.5)",
      () => new nn.HuberLoss({ reduction: 'sum', delta: 0.5 }),
    ],
    ['nn.SmoothL1Loss()', () => new nn.SmoothL1Loss()],
    [
      "nn.SmoothL1Loss(reduction='none', beta=0.5)",
      () => new nn.SmoothL1Loss({ reduction: 'none', beta: 0.5 }),
    ],
    ['nn.SmoothL1Loss(beta=0.0)', () => new nn.SmoothL1Loss({ beta: 0 })],
  ]),
  ...loss(
    {
      python: '(torch.randn(4, 6), torch.poisson(torch.full((4, 6), 3.0)))',
      make: () => [torch.randn(4, 6), torch.poisson(torch.full([4, 6], { float: 3 }))],
    },
    [
      ['nn.PoissonNLLLoss()', () => new nn.PoissonNLLLoss()],
      [
        "nn.PoissonNLLLoss(full=True, reduction='sum')",
        () => new nn.PoissonNLLLoss({ full: true, reduction: 'sum' }),
      ],
    ],
  ),
  ...loss(
    {
      python: '(torch.rand(4, 6), torch.poisson(torch.full((4, 6), 3.0)))',
      make: () => [torch.rand(4, 6), torch.poisson(torch.full([4, 6], { float: 3 }))],
    },
    [
      [
        'nn.PoissonNLLLoss(log_input=False, eps=0.01)',
        () => new nn.PoissonNLLLoss({ logInput: false, eps: 0.01 }),
      ],
    ],
  ),
  ...loss(
    {
      python: '(torch.randn(4, 6), torch.randn(4, 6), torch.rand(4, 6))',
      make: () => [torch.randn(4, 6), torch.randn(4, 6), torch.rand(4, 6)],
    },
    [
      ['nn.GaussianNLLLoss()', () => new nn.GaussianNLLLoss()],
      [
        "nn.GaussianNLLLoss(full=True, eps=0.1, reduction='none')",
        () => new nn.GaussianNLLLoss({ full: true, eps: 0.1, reduction: 'none' }),
      ],
    ],
  ),
  ...loss(
    {
      python: '(torch.randn(4, 6), torch.randn(4, 6), torch.rand(4))',
      make: () => [torch.randn(4, 6), torch.randn(4, 6), torch.rand(4)],
    },
    [["nn.GaussianNLLLoss(reduction='sum')", () => new nn.GaussianNLLLoss({ reduction: 'sum' })]],
  ),
  ...loss(
    {
      python: '(torch.randn(4, 6), torch.randn(4, 6), 0.5)',
      make: () => [torch.randn(4, 6), torch.randn(4, 6), 0.5],
    },
    [['nn.GaussianNLLLoss()', () => new nn.GaussianNLLLoss()]],
  ),
];

const classification: readonly LayerCase[] = [
  ...loss(classes, [
    ['nn.CrossEntropyLoss()', () => new nn.CrossEntropyLoss()],
    ["nn.CrossEntropyLoss(reduction='none')", () => new nn.CrossEntropyLoss({ reduction: 'none' })],
    [
      `nn.CrossEntropyLoss(weight=${weight.python})`,
      () => new nn.CrossEntropyLoss({ weight: weight.make() }),
    ],
    [
      "nn.CrossEntropyLoss(label_smoothing=0.1, reduction='sum')",
      () => new nn.CrossEntropyLoss({ labelSmoothing: 0.1, reduction: 'sum' }),
    ],
    ['nn.CrossEntropyLoss(ignore_index=5)', () => new nn.CrossEntropyLoss({ ignoreIndex: 5 })],
    ['nn.MultiMarginLoss()', () => new nn.MultiMarginLoss()],
    [
      "nn.MultiMarginLoss(p=2, margin=0.5, reduction='sum')",
      () => new nn.MultiMarginLoss({ p: 2, margin: 0.5, reduction: 'sum' }),
    ],
    [
      `nn.MultiMarginLoss(weight=${weight.python})`,
      () => new nn.MultiMarginLoss({ weight: weight.make() }),
    ],
    ['nn.LinearCrossEntropyLoss(6, 8)', () => new nn.LinearCrossEntropyLoss(6, 8)],
    [
      'nn.LinearCrossEntropyLoss(6, 8, bias=True, label_smoothing=0.1)',
      () => new nn.LinearCrossEntropyLoss(6, 8, { bias: true, labelSmoothing: 0.1 }),
    ],
  ]),
  ...loss(pixels, [
    ['nn.CrossEntropyLoss()', () => new nn.CrossEntropyLoss()],
    [
      `nn.NLLLoss(weight=${weight.python}, ignore_index=2)`,
      () => new nn.NLLLoss({ weight: weight.make(), ignoreIndex: 2 }),
    ],
  ]),
  ...loss(
    {
      python: '(torch.randn(4, 6), torch.randn(4, 6).softmax(1))',
      make: () => [torch.randn(4, 6), torch.randn(4, 6).softmax(1)],
    },
    [
      ['nn.CrossEntropyLoss()', () => new nn.CrossEntropyLoss()],
      [
        `nn.CrossEntropyLoss(weight=${weight.python}, label_smoothing=0.2)`,
        () => new nn.CrossEntropyLoss({ weight: weight.make(), labelSmoothing: 0.2 }),
      ],
    ],
  ),
  ...loss(logProbs, [
    ['nn.NLLLoss()', () => new nn.NLLLoss()],
    [
      `nn.NLLLoss(weight=${weight.python}, reduction='sum')`,
      () => new nn.NLLLoss({ weight: weight.make(), reduction: 'sum' }),
    ],
    [
      "nn.NLLLoss(ignore_index=0, reduction='none')",
      () => new nn.NLLLoss({ ignoreIndex: 0, reduction: 'none' }),
    ],
  ]),
  ...loss(probabilities, [
    ['nn.BCELoss()', () => new nn.BCELoss()],
    ["nn.BCELoss(reduction='none')", () => new nn.BCELoss({ reduction: 'none' })],
    [
      `nn.BCELoss(weight=${weight.python}, reduction='sum')`,
      () => new nn.BCELoss({ weight: weight.make(), reduction: 'sum' }),
    ],
  ]),
  ...loss(
    {
      python: '(torch.randn(4, 6), torch.rand(4, 6))',
      make: () => [torch.randn(4, 6), torch.rand(4, 6)],
    },
    [
      ['nn.BCEWithLogitsLoss()', () => new nn.BCEWithLogitsLoss()],
      [
        `nn.BCEWithLogitsLoss(pos_weight=${weight.python})`,
        () => new nn.BCEWithLogitsLoss({ posWeight: weight.make() }),
      ],
      [
        `nn.BCEWithLogitsLoss(weight=${weight.python}, reduction='none')`,
        () => new nn.BCEWithLogitsLoss({ weight: weight.make(), reduction: 'none' }),
      ],
      ['nn.MultiLabelSoftMarginLoss()', () => new nn.MultiLabelSoftMarginLoss()],
      [
        `nn.MultiLabelSoftMarginLoss(weight=${weight.python}, reduction='none')`,
        () => new nn.MultiLabelSoftMarginLoss({ weight: weight.make(), reduction: 'none' }),
      ],
    ],
  ),
  ...loss(
    {
      python: '(torch.randn(4, 6).log_softmax(1), torch.randn(4, 6).softmax(1))',
      make: () => [torch.randn(4, 6).logSoftmax(1), torch.randn(4, 6).softmax(1)],
    },
    [
      ['nn.KLDivLoss()', () => new nn.KLDivLoss()],
      ["nn.KLDivLoss(reduction='batchmean')", () => new nn.KLDivLoss({ reduction: 'batchmean' })],
      ["nn.KLDivLoss(reduction='none')", () => new nn.KLDivLoss({ reduction: 'none' })],
      [
        "nn.KLDivLoss(reduction='sum', log_target=True)",
        () => new nn.KLDivLoss({ reduction: 'sum', logTarget: true }),
      ],
    ],
  ),
  ...loss(
    {
      python:
        '(torch.randn(9, 2, 5).log_softmax(2), torch.tensor([[1, 2, 2], [3, 1, 4]]), torch.tensor([9, 7]), torch.tensor([3, 2]))',
      make: () => [
        torch.randn(9, 2, 5).logSoftmax(2),
        torch.tensor([
          [1, 2, 2],
          [3, 1, 4],
        ]),
        torch.tensor([9, 7]),
        torch.tensor([3, 2]),
      ],
    },
    [
      ['nn.CTCLoss()', () => new nn.CTCLoss()],
      ["nn.CTCLoss(reduction='none')", () => new nn.CTCLoss({ reduction: 'none' })],
      [
        "nn.CTCLoss(reduction='sum', zero_infinity=True)",
        () => new nn.CTCLoss({ reduction: 'sum', zeroInfinity: true }),
      ],
    ],
  ),
  ...loss(
    {
      python: '(torch.randn(9, 2, 5).log_softmax(2), torch.tensor([0, 2, 3, 1]), (9, 6), (2, 2))',
      make: () => [torch.randn(9, 2, 5).logSoftmax(2), torch.tensor([0, 2, 3, 1]), [9, 6], [2, 2]],
    },
    [['nn.CTCLoss(blank=4)', () => new nn.CTCLoss({ blank: 4 })]],
  ),
];

const margins: readonly LayerCase[] = [
  ...loss(
    signs,
    [
      ['nn.HingeEmbeddingLoss()', () => new nn.HingeEmbeddingLoss()],
      [
        "nn.HingeEmbeddingLoss(margin=0.5, reduction='sum')",
        () => new nn.HingeEmbeddingLoss({ margin: 0.5, reduction: 'sum' }),
      ],
      ['nn.SoftMarginLoss()', () => new nn.SoftMarginLoss()],
      ["nn.SoftMarginLoss(reduction='none')", () => new nn.SoftMarginLoss({ reduction: 'none' })],
    ],
    [1],
  ),
  ...loss(
    {
      python: '(torch.randn(4, 6), torch.randn(4, 6), torch.randn(4, 6).sign())',
      make: () => [torch.randn(4, 6), torch.randn(4, 6), torch.randn(4, 6).sign()],
    },
    [
      ['nn.MarginRankingLoss()', () => new nn.MarginRankingLoss()],
      [
        "nn.MarginRankingLoss(margin=0.3, reduction='none')",
        () => new nn.MarginRankingLoss({ margin: 0.3, reduction: 'none' }),
      ],
    ],
  ),
  ...loss(
    {
      python: '(torch.randn(4, 6), torch.randn(4, 6), torch.tensor([1, -1, 1, -1]))',
      make: () => [torch.randn(4, 6), torch.randn(4, 6), torch.tensor([1, -1, 1, -1])],
    },
    [
      ['nn.CosineEmbeddingLoss()', () => new nn.CosineEmbeddingLoss()],
      [
        "nn.CosineEmbeddingLoss(margin=0.2, reduction='sum')",
        () => new nn.CosineEmbeddingLoss({ margin: 0.2, reduction: 'sum' }),
      ],
    ],
  ),
  ...loss(
    {
      python: '(torch.randn(2, 4), torch.tensor([[3, 0, -1, 1], [1, -1, 2, 0]]))',
      make: () => [
        torch.randn(2, 4),
        torch.tensor([
          [3, 0, -1, 1],
          [1, -1, 2, 0],
        ]),
      ],
    },
    [
      ['nn.MultiLabelMarginLoss()', () => new nn.MultiLabelMarginLoss()],
      [
        "nn.MultiLabelMarginLoss(reduction='none')",
        () => new nn.MultiLabelMarginLoss({ reduction: 'none' }),
      ],
    ],
  ),
  ...loss(randn([4, 6], [4, 6], [4, 6]), [
    ['nn.TripletMarginLoss()', () => new nn.TripletMarginLoss()],
    [
      "nn.TripletMarginLoss(margin=0.5, p=1.0, swap=True, reduction='none')",
      () => new nn.TripletMarginLoss({ margin: 0.5, p: 1, swap: true, reduction: 'none' }),
    ],
    [
      "nn.TripletMarginLoss(p=3.0, eps=1e-05, reduction='sum')",
      () => new nn.TripletMarginLoss({ p: 3, eps: 1e-5, reduction: 'sum' }),
    ],
    ['nn.TripletMarginWithDistanceLoss()', () => new nn.TripletMarginWithDistanceLoss()],
    [
      "nn.TripletMarginWithDistanceLoss(distance_function=nn.PairwiseDistance(1.0), swap=True, reduction='sum')",
      () =>
        new nn.TripletMarginWithDistanceLoss({
          distanceFunction: new nn.PairwiseDistance({ p: 1 }),
          swap: true,
          reduction: 'sum',
        }),
    ],
    [
      'nn.TripletMarginWithDistanceLoss(distance_function=lambda a, b: 1.0 - F.cosine_similarity(a, b), margin=0.4)',
      () =>
        new nn.TripletMarginWithDistanceLoss({
          distanceFunction: (a, b) => torch.rsub(F.cosineSimilarity(a, b), { float: 1 }),
          margin: 0.4,
        }),
    ],
  ]),
];

export const losses: readonly LayerCase[] = [...regression, ...classification, ...margins];
