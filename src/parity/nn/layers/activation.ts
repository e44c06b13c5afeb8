import * as torch from 'tandem-torch';
import type { LayerCase } from '../case';
import { on, type Row, randn } from './rows';

const { nn } = torch;

const elementwise: readonly Row[] = [
  ['nn.ReLU()', () => new nn.ReLU()],
  ['nn.ReLU6()', () => new nn.ReLU6()],
  ['nn.Sigmoid()', () => new nn.Sigmoid()],
  ['nn.Tanh()', () => new nn.Tanh()],
  ['nn.SiLU()', () => new nn.SiLU()],
  ['nn.Mish()', () => new nn.Mish()],
  ['nn.SELU()', () => new nn.SELU()],
  ['nn.LogSigmoid()', () => new nn.LogSigmoid()],
  ['nn.Hardswish()', () => new nn.Hardswish()],
  ['nn.Hardsigmoid()', () => new nn.Hardsigmoid()],
  ['nn.Softsign()', () => new nn.Softsign()],
  ['nn.Tanhshrink()', () => new nn.Tanhshrink()],
  ['nn.LeakyReLU()', () => new nn.LeakyReLU()],
  ['nn.LeakyReLU(0.2)', () => new nn.LeakyReLU(0.2)],
  ['nn.ELU()', () => new nn.ELU()],
  ['nn.ELU(0.5)', () => new nn.ELU(0.5)],
  ['nn.CELU()', () => new nn.CELU()],
  ['nn.CELU(alpha=2.5)', () => new nn.CELU(2.5)],
  ['nn.GELU()', () => new nn.GELU()],
  ["nn.GELU(approximate='tanh')", () => new nn.GELU({ approximate: 'tanh' })],
  ['nn.RReLU()', () => new nn.RReLU()],
  ['nn.RReLU(0.1, 0.5)', () => new nn.RReLU(0.1, 0.5)],
  ['nn.Softplus()', () => new nn.Softplus()],
  ['nn.Softplus(2.5, 3.5)', () => new nn.Softplus(2.5, 3.5)],
  ['nn.Softplus(beta=3.0)', () => new nn.Softplus(3)],
  ['nn.Softshrink()', () => new nn.Softshrink()],
  ['nn.Softshrink(0.25)', () => new nn.Softshrink(0.25)],
  ['nn.Hardshrink()', () => new nn.Hardshrink()],
  ['nn.Hardshrink(1.0)', () => new nn.Hardshrink(1)],
  ['nn.Hardtanh()', () => new nn.Hardtanh()],
  ['nn.Hardtanh(-2.5, 0.5)', () => new nn.Hardtanh(-2.5, 0.5)],
  ['nn.Threshold(0.1, 20.0)', () => new nn.Threshold(0.1, 20)],
  ['nn.Threshold(-0.5, 1e-05)', () => new nn.Threshold(-0.5, 1e-5)],
  ['nn.PReLU()', () => new nn.PReLU()],
  ['nn.PReLU(6, init=0.1)', () => new nn.PReLU(6, 0.1)],
  ['nn.GLU()', () => new nn.GLU()],
  ['nn.GLU(dim=0)', () => new nn.GLU(0)],
  ['nn.Softmax(dim=1)', () => new nn.Softmax(1)],
  ['nn.Softmax(dim=0)', () => new nn.Softmax(0)],
  ['nn.Softmin(dim=1)', () => new nn.Softmin(1)],
  ['nn.Softmin(dim=-2)', () => new nn.Softmin(-2)],
  ['nn.LogSoftmax(dim=1)', () => new nn.LogSoftmax(1)],
  ['nn.LogSoftmax(dim=0)', () => new nn.LogSoftmax(0)],
];

/** After a layer, since a leaf that requires a gradient can't be overwritten. */
const inPlace: readonly Row[] = [
  [
    'nn.Sequential(nn.Linear(6, 4), nn.ReLU(inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.ReLU({ inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.ReLU6(inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.ReLU6({ inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.LeakyReLU(0.2, inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.LeakyReLU(0.2, { inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.ELU(2.0, True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.ELU(2, { inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.CELU(0.5, True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.CELU(0.5, { inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.SELU(inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.SELU({ inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.SiLU(inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.SiLU({ inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.Mish(inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.Mish({ inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.Hardswish(inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.Hardswish({ inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.Hardsigmoid(inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.Hardsigmoid({ inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.Hardtanh(-1.0, 0.5, inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.Hardtanh(-1, 0.5, { inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.Threshold(0.1, 0.2, inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.Threshold(0.1, 0.2, { inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.RReLU(inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.RReLU(1 / 8, 1 / 3, { inplace: true })),
  ],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.Dropout(0.3, inplace=True))',
    () => new nn.Sequential(new nn.Linear(6, 4), new nn.Dropout(0.3, { inplace: true })),
  ],
];

export const activations: readonly LayerCase[] = [
  ...on(randn([4, 6]), elementwise),
  ...on(randn([4, 6]), inPlace),
  ...on(randn([2, 3, 4, 4]), [
    ['nn.Softmax2d()', () => new nn.Softmax2d()],
    ['nn.PReLU(3)', () => new nn.PReLU(3)],
    ['nn.GLU(2)', () => new nn.GLU(2)],
    ['nn.Softmax()', () => new nn.Softmax()],
  ]),
  ...on(randn([3, 4, 5]), [
    ['nn.Softmax2d()', () => new nn.Softmax2d()],
    ['nn.LogSoftmax()', () => new nn.LogSoftmax()],
    ['nn.Softmin()', () => new nn.Softmin()],
  ]),
];
