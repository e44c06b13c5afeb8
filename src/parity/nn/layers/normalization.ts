import * as torch from 'tandem-torch';
import type { LayerCase } from '../case';
import { on, randn } from './rows';

const { nn } = torch;

export const normalizations: readonly LayerCase[] = [
  ...on(randn([4, 6]), [
    ['nn.BatchNorm1d(6)', () => new nn.BatchNorm1d(6)],
    ['nn.LazyBatchNorm1d()', () => new nn.LazyBatchNorm1d()],
    [
      'nn.LazyBatchNorm1d(affine=True, momentum=0.3, track_running_stats=True)',
      () => new nn.LazyBatchNorm1d({ affine: true, momentum: 0.3, trackRunningStats: true }),
    ],
    ['nn.SyncBatchNorm(6)', () => new nn.SyncBatchNorm(6)],
    [
      'nn.BatchNorm1d(6, eps=0.001, momentum=0.01)',
      () => new nn.BatchNorm1d(6, { eps: 0.001, momentum: 0.01 }),
    ],
    ['nn.BatchNorm1d(6, bias=False)', () => new nn.BatchNorm1d(6, { bias: false })],
    ['nn.LayerNorm(6)', () => new nn.LayerNorm(6)],
    ['nn.LayerNorm([4, 6], eps=0.001)', () => new nn.LayerNorm([4, 6], { eps: 0.001 })],
    ['nn.LayerNorm(6, bias=False)', () => new nn.LayerNorm(6, { bias: false })],
    [
      'nn.LayerNorm((6,), elementwise_affine=False)',
      () => new nn.LayerNorm([6], { elementwiseAffine: false }),
    ],
    ['nn.RMSNorm(6)', () => new nn.RMSNorm(6)],
    ['nn.RMSNorm((4, 6), eps=1e-06)', () => new nn.RMSNorm([4, 6], { eps: 1e-6 })],
    [
      'nn.RMSNorm([6], elementwise_affine=False)',
      () => new nn.RMSNorm([6], { elementwiseAffine: false }),
    ],
    ['nn.GroupNorm(2, 6)', () => new nn.GroupNorm(2, 6)],
  ]),
  ...on(randn([2, 3, 5]), [
    ['nn.BatchNorm1d(3)', () => new nn.BatchNorm1d(3)],
    [
      'nn.BatchNorm1d(3, track_running_stats=False)',
      () => new nn.BatchNorm1d(3, { trackRunningStats: false }),
    ],
    ['nn.InstanceNorm1d(3)', () => new nn.InstanceNorm1d(3)],
    ['nn.LazyInstanceNorm1d()', () => new nn.LazyInstanceNorm1d()],
    [
      'nn.LazyInstanceNorm1d(affine=True, momentum=0.3, track_running_stats=True)',
      () => new nn.LazyInstanceNorm1d({ affine: true, momentum: 0.3, trackRunningStats: true }),
    ],
    [
      'nn.InstanceNorm1d(3, affine=True, track_running_stats=True)',
      () => new nn.InstanceNorm1d(3, { affine: true, trackRunningStats: true }),
    ],
    ['nn.GroupNorm(1, 3)', () => new nn.GroupNorm(1, 3)],
    ['nn.LocalResponseNorm(2)', () => new nn.LocalResponseNorm(2)],
    [
      'nn.LocalResponseNorm(3, alpha=0.1, beta=0.5, k=2.0)',
      () => new nn.LocalResponseNorm(3, { alpha: 0.1, beta: 0.5, k: 2 }),
    ],
  ]),
  ...on(randn([3, 5]), [['nn.InstanceNorm1d(3)', () => new nn.InstanceNorm1d(3)]]),
  ...on(randn([2, 4, 3, 3]), [
    ['nn.BatchNorm2d(4)', () => new nn.BatchNorm2d(4)],
    ['nn.LazyBatchNorm2d()', () => new nn.LazyBatchNorm2d()],
    [
      'nn.LazyBatchNorm2d(affine=True, momentum=0.3, track_running_stats=True)',
      () => new nn.LazyBatchNorm2d({ affine: true, momentum: 0.3, trackRunningStats: true }),
    ],
    ['nn.SyncBatchNorm(4)', () => new nn.SyncBatchNorm(4)],
    [
      'nn.BatchNorm2d(4, momentum=None, affine=False)',
      () => new nn.BatchNorm2d(4, { momentum: null, affine: false }),
    ],
    [
      'nn.BatchNorm2d(4, track_running_stats=False)',
      () => new nn.BatchNorm2d(4, { trackRunningStats: false }),
    ],
    ['nn.InstanceNorm2d(4)', () => new nn.InstanceNorm2d(4)],
    ['nn.LazyInstanceNorm2d()', () => new nn.LazyInstanceNorm2d()],
    [
      'nn.LazyInstanceNorm2d(affine=True, momentum=0.3, track_running_stats=True)',
      () => new nn.LazyInstanceNorm2d({ affine: true, momentum: 0.3, trackRunningStats: true }),
    ],
    [
      'nn.InstanceNorm2d(4, eps=0.001, momentum=0.3, affine=True, track_running_stats=True)',
      () =>
        new nn.InstanceNorm2d(4, {
          eps: 0.001,
          momentum: 0.3,
          affine: true,
          trackRunningStats: true,
        }),
    ],
    ['nn.GroupNorm(2, 4)', () => new nn.GroupNorm(2, 4)],
    ['nn.GroupNorm(4, 4, affine=False)', () => new nn.GroupNorm(4, 4, { affine: false })],
    [
      'nn.GroupNorm(1, 4, eps=0.01, bias=False)',
      () => new nn.GroupNorm(1, 4, { eps: 0.01, bias: false }),
    ],
    ['nn.LayerNorm([4, 3, 3])', () => new nn.LayerNorm([4, 3, 3])],
    ['nn.LocalResponseNorm(3)', () => new nn.LocalResponseNorm(3)],
    ['nn.LocalResponseNorm(4, k=0.5)', () => new nn.LocalResponseNorm(4, { k: 0.5 })],
  ]),
  ...on(randn([4, 3, 3]), [
    ['nn.InstanceNorm2d(4, affine=True)', () => new nn.InstanceNorm2d(4, { affine: true })],
  ]),
  ...on(randn([2, 2, 3, 3, 3]), [
    ['nn.BatchNorm3d(2)', () => new nn.BatchNorm3d(2)],
    ['nn.LazyBatchNorm3d()', () => new nn.LazyBatchNorm3d()],
    [
      'nn.LazyBatchNorm3d(affine=True, momentum=0.3, track_running_stats=True)',
      () => new nn.LazyBatchNorm3d({ affine: true, momentum: 0.3, trackRunningStats: true }),
    ],
    [
      'nn.SyncBatchNorm(2, momentum=None, affine=False)',
      () => new nn.SyncBatchNorm(2, { momentum: null, affine: false }),
    ],
    ['nn.BatchNorm3d(2, momentum=None)', () => new nn.BatchNorm3d(2, { momentum: null })],
    ['nn.InstanceNorm3d(2)', () => new nn.InstanceNorm3d(2)],
    ['nn.LazyInstanceNorm3d()', () => new nn.LazyInstanceNorm3d()],
    [
      'nn.LazyInstanceNorm3d(affine=True, momentum=0.3, track_running_stats=True)',
      () => new nn.LazyInstanceNorm3d({ affine: true, momentum: 0.3, trackRunningStats: true }),
    ],
    [
      'nn.InstanceNorm3d(2, affine=True, track_running_stats=True)',
      () => new nn.InstanceNorm3d(2, { affine: true, trackRunningStats: true }),
    ],
  ]),
  ...on(
    {
      python: '(torch.randn(4, 6, dtype=torch.float64),)',
      make: () => [torch.randn([4, 6], { dtype: 'float64' })],
    },
    [
      ['nn.BatchNorm1d(6, dtype=torch.float64)', () => new nn.BatchNorm1d(6, { dtype: 'float64' })],
      ['nn.LayerNorm(6, dtype=torch.float64)', () => new nn.LayerNorm(6, { dtype: 'float64' })],
    ],
  ),
];
