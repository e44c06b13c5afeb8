import * as torch from 'tandem-torch';
import type { LayerCase } from '../case';
import { type Inputs, on, randn } from './rows';

const { nn } = torch;

const words: Inputs = {
  python: '(torch.randint(0, 5, (3, 4)),)',
  make: () => [torch.randint(0, 5, [3, 4])],
};
const bags: Inputs = {
  python: '(torch.randint(0, 5, (8,)), torch.tensor([0, 3, 3, 6]))',
  make: () => [torch.randint(0, 5, [8]), torch.tensor([0, 3, 3, 6])],
};
const classes: Inputs = {
  python: '(torch.randn(8, 16), torch.randint(0, 20, (8,)))',
  make: () => [torch.randn(8, 16), torch.randint(0, 20, [8])],
};

/** Products with weights, tables of vectors and distances. */
export const linears: readonly LayerCase[] = [
  ...on(randn([4, 6]), [
    ['nn.Linear(6, 3)', () => new nn.Linear(6, 3)],
    ['nn.Linear(6, 3, bias=False)', () => new nn.Linear(6, 3, { bias: false })],
  ]),
  ...on(randn([2, 3, 6]), [
    ['nn.Linear(6, 3)', () => new nn.Linear(6, 3)],
    ['nn.LazyLinear(3)', () => new nn.LazyLinear(3)],
    ['nn.LazyLinear(3, bias=False)', () => new nn.LazyLinear(3, { bias: false })],
  ]),
  ...on(
    {
      python: '(torch.randn(4, 6, dtype=torch.float64),)',
      make: () => [torch.randn([4, 6], { dtype: 'float64' })],
    },
    [['nn.Linear(6, 3, dtype=torch.float64)', () => new nn.Linear(6, 3, { dtype: 'float64' })]],
  ),
  ...on(randn([4, 5], [4, 6]), [
    ['nn.Bilinear(5, 6, 3)', () => new nn.Bilinear(5, 6, 3)],
    ['nn.Bilinear(5, 6, 3, bias=False)', () => new nn.Bilinear(5, 6, 3, { bias: false })],
  ]),
  ...on(randn([2, 4, 5], [2, 4, 6]), [['nn.Bilinear(5, 6, 3)', () => new nn.Bilinear(5, 6, 3)]]),
  ...on(words, [
    ['nn.Embedding(5, 4)', () => new nn.Embedding(5, 4)],
    ['nn.Embedding(5, 4, padding_idx=0)', () => new nn.Embedding(5, 4, { paddingIdx: 0 })],
    ['nn.Embedding(5, 4, padding_idx=-1)', () => new nn.Embedding(5, 4, { paddingIdx: -1 })],
    [
      'nn.Embedding(5, 4, max_norm=1.0, norm_type=1.0)',
      () => new nn.Embedding(5, 4, { maxNorm: 1, normType: 1 }),
    ],
    [
      'nn.Embedding(5, 4, scale_grad_by_freq=True)',
      () => new nn.Embedding(5, 4, { scaleGradByFreq: true }),
    ],
    [
      'nn.Embedding.from_pretrained(torch.arange(20.).view(5, 4))',
      () => nn.Embedding.fromPretrained(torch.arange(20).float().view(5, 4)),
    ],
    [
      'nn.Embedding.from_pretrained(torch.arange(20.).view(5, 4), freeze=False, padding_idx=2)',
      () =>
        nn.Embedding.fromPretrained(torch.arange(20).float().view(5, 4), {
          freeze: false,
          paddingIdx: 2,
        }),
    ],
    ['nn.EmbeddingBag(5, 4)', () => new nn.EmbeddingBag(5, 4)],
    ["nn.EmbeddingBag(5, 4, mode='sum')", () => new nn.EmbeddingBag(5, 4, { mode: 'sum' })],
    ["nn.EmbeddingBag(5, 4, mode='max')", () => new nn.EmbeddingBag(5, 4, { mode: 'max' })],
  ]),
  ...on(bags, [
    ['nn.EmbeddingBag(5, 4)', () => new nn.EmbeddingBag(5, 4)],
    [
      'nn.EmbeddingBag(5, 4, max_norm=0.5, norm_type=3.0, scale_grad_by_freq=True)',
      () => new nn.EmbeddingBag(5, 4, { maxNorm: 0.5, normType: 3, scaleGradByFreq: true }),
    ],
    [
      'nn.EmbeddingBag(5, 4, include_last_offset=True, padding_idx=1)',
      () => new nn.EmbeddingBag(5, 4, { includeLastOffset: true, paddingIdx: 1 }),
    ],
    [
      "nn.EmbeddingBag.from_pretrained(torch.arange(20.).view(5, 4), mode='max')",
      () => nn.EmbeddingBag.fromPretrained(torch.arange(20).float().view(5, 4), { mode: 'max' }),
    ],
  ]),
  ...on(
    {
      python: '(torch.randint(0, 5, (3, 4)), None, torch.rand(3, 4))',
      make: () => [torch.randint(0, 5, [3, 4]), null, torch.rand(3, 4)],
    },
    [["nn.EmbeddingBag(5, 4, mode='sum')", () => new nn.EmbeddingBag(5, 4, { mode: 'sum' })]],
  ),
  ...on(classes, [
    [
      'nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10, 15], div_value=2.)',
      () => new nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10, 15], { divValue: 2 }),
    ],
    [
      'nn.AdaptiveLogSoftmaxWithLoss(16, 20, [8], head_bias=True)',
      () => new nn.AdaptiveLogSoftmaxWithLoss(16, 20, [8], { headBias: true }),
    ],
  ]),
  ...on(
    {
      python: '(torch.randn(16), torch.tensor(12))',
      make: () => [torch.randn(16), torch.tensor(12)],
    },
    [
      [
        'nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10])',
        () => new nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10]),
      ],
    ],
  ),
  ...on(randn([4, 6], [4, 6]), [
    ['nn.PairwiseDistance()', () => new nn.PairwiseDistance()],
    ['nn.PairwiseDistance(p=1.0)', () => new nn.PairwiseDistance({ p: 1 })],
    [
      'nn.PairwiseDistance(p=3.5, eps=0.001, keepdim=True)',
      () => new nn.PairwiseDistance({ p: 3.5, eps: 0.001, keepdim: true }),
    ],
    ['nn.CosineSimilarity()', () => new nn.CosineSimilarity()],
    [
      'nn.CosineSimilarity(dim=0, eps=0.001)',
      () => new nn.CosineSimilarity({ dim: 0, eps: 0.001 }),
    ],
  ]),
];
