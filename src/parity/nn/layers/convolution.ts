import * as torch from 'tandem-torch';
import type { LayerCase } from '../case';
import { on, randn } from './rows';

const { nn } = torch;

export const convolutions: readonly LayerCase[] = [
  ...on(randn([2, 4, 9]), [
    ['nn.Conv1d(4, 6, 3)', () => new nn.Conv1d(4, 6, 3)],
    ['nn.LazyConv1d(6, 3)', () => new nn.LazyConv1d(6, 3)],
    [
      'nn.LazyConv1d(6, 3, stride=2, padding=1, groups=2, bias=False)',
      () => new nn.LazyConv1d(6, 3, { stride: 2, padding: 1, groups: 2, bias: false }),
    ],
    [
      'nn.LazyConvTranspose1d(4, 3, stride=2, groups=2)',
      () => new nn.LazyConvTranspose1d(4, 3, { stride: 2, groups: 2 }),
    ],
    [
      'nn.Conv1d(4, 6, 3, stride=2, padding=1)',
      () => new nn.Conv1d(4, 6, 3, { stride: 2, padding: 1 }),
    ],
    [
      "nn.Conv1d(4, 6, 4, padding='same', dilation=2)",
      () => new nn.Conv1d(4, 6, 4, { padding: 'same', dilation: 2 }),
    ],
    [
      "nn.Conv1d(4, 4, 3, padding=2, groups=4, bias=False, padding_mode='circular')",
      () => new nn.Conv1d(4, 4, 3, { padding: 2, groups: 4, bias: false, paddingMode: 'circular' }),
    ],
    ['nn.ConvTranspose1d(4, 2, 3)', () => new nn.ConvTranspose1d(4, 2, 3)],
    [
      'nn.ConvTranspose1d(4, 2, 3, stride=2, padding=1, output_padding=1)',
      () => new nn.ConvTranspose1d(4, 2, 3, { stride: 2, padding: 1, outputPadding: 1 }),
    ],
    [
      'nn.ConvTranspose1d(4, 6, 2, groups=2, dilation=3, bias=False)',
      () => new nn.ConvTranspose1d(4, 6, 2, { groups: 2, dilation: 3, bias: false }),
    ],
  ]),
  ...on(randn([2, 4, 8, 8]), [
    ['nn.Conv2d(4, 6, 3)', () => new nn.Conv2d(4, 6, 3)],
    ['nn.LazyConv2d(6, 3)', () => new nn.LazyConv2d(6, 3)],
    [
      'nn.LazyConv2d(6, 3, stride=2, padding=1, groups=2, bias=False)',
      () => new nn.LazyConv2d(6, 3, { stride: 2, padding: 1, groups: 2, bias: false }),
    ],
    [
      'nn.LazyConvTranspose2d(4, 3, stride=2, groups=2)',
      () => new nn.LazyConvTranspose2d(4, 3, { stride: 2, groups: 2 }),
    ],
    [
      'nn.Conv2d(4, 4, (3, 2), dilation=2, groups=2, bias=False)',
      () => new nn.Conv2d(4, 4, [3, 2], { dilation: 2, groups: 2, bias: false }),
    ],
    [
      'nn.Conv2d(4, 3, 3, stride=(2, 1), padding=(0, 2))',
      () => new nn.Conv2d(4, 3, 3, { stride: [2, 1], padding: [0, 2] }),
    ],
    ["nn.Conv2d(4, 3, 3, padding='same')", () => new nn.Conv2d(4, 3, 3, { padding: 'same' })],
    ["nn.Conv2d(4, 3, 3, padding='valid')", () => new nn.Conv2d(4, 3, 3, { padding: 'valid' })],
    [
      "nn.Conv2d(4, 3, 3, padding=1, padding_mode='reflect')",
      () => new nn.Conv2d(4, 3, 3, { padding: 1, paddingMode: 'reflect' }),
    ],
    [
      "nn.Conv2d(4, 3, (4, 3), padding='same', padding_mode='circular')",
      () => new nn.Conv2d(4, 3, [4, 3], { padding: 'same', paddingMode: 'circular' }),
    ],
    [
      "nn.Conv2d(4, 3, 3, padding=(1, 2), padding_mode='replicate')",
      () => new nn.Conv2d(4, 3, 3, { padding: [1, 2], paddingMode: 'replicate' }),
    ],
    ['nn.ConvTranspose2d(4, 3, 3)', () => new nn.ConvTranspose2d(4, 3, 3)],
    [
      'nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1)',
      () => new nn.ConvTranspose2d(4, 3, 3, { stride: 2, padding: 1, outputPadding: 1 }),
    ],
    [
      'nn.ConvTranspose2d(4, 6, (2, 3), stride=(1, 2), groups=2, dilation=2, bias=False)',
      () =>
        new nn.ConvTranspose2d(4, 6, [2, 3], {
          stride: [1, 2],
          groups: 2,
          dilation: 2,
          bias: false,
        }),
    ],
  ]),
  ...on(randn([4, 8, 8]), [['nn.Conv2d(4, 2, 3)', () => new nn.Conv2d(4, 2, 3)]]),
  ...on({ python: '(torch.randn(2, 4, 5), [10])', make: () => [torch.randn(2, 4, 5), [10]] }, [
    [
      'nn.ConvTranspose1d(4, 2, 3, stride=2, padding=1)',
      () => new nn.ConvTranspose1d(4, 2, 3, { stride: 2, padding: 1 }),
    ],
  ]),
  ...on(
    {
      python: '(torch.randn(2, 4, 5, 5), [2, 3, 10, 9])',
      make: () => [torch.randn(2, 4, 5, 5), [2, 3, 10, 9]],
    },
    [
      [
        'nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1)',
        () => new nn.ConvTranspose2d(4, 3, 3, { stride: 2, padding: 1 }),
      ],
    ],
  ),
  ...on(randn([2, 2, 5, 5, 5]), [
    ['nn.Conv3d(2, 3, 2)', () => new nn.Conv3d(2, 3, 2)],
    ['nn.LazyConv3d(6, 3)', () => new nn.LazyConv3d(6, 3)],
    [
      'nn.LazyConv3d(6, 3, stride=2, padding=1, groups=2, bias=False)',
      () => new nn.LazyConv3d(6, 3, { stride: 2, padding: 1, groups: 2, bias: false }),
    ],
    [
      'nn.LazyConvTranspose3d(4, 3, stride=2, groups=2)',
      () => new nn.LazyConvTranspose3d(4, 3, { stride: 2, groups: 2 }),
    ],
    [
      'nn.Conv3d(2, 4, (1, 2, 3), stride=2, padding=1, groups=2)',
      () => new nn.Conv3d(2, 4, [1, 2, 3], { stride: 2, padding: 1, groups: 2 }),
    ],
    [
      "nn.Conv3d(2, 3, 3, padding=1, padding_mode='replicate', bias=False)",
      () => new nn.Conv3d(2, 3, 3, { padding: 1, paddingMode: 'replicate', bias: false }),
    ],
    ['nn.ConvTranspose3d(2, 3, 2)', () => new nn.ConvTranspose3d(2, 3, 2)],
    [
      'nn.ConvTranspose3d(2, 4, 3, stride=2, padding=1, output_padding=(1, 0, 1), groups=2)',
      () =>
        new nn.ConvTranspose3d(2, 4, 3, {
          stride: 2,
          padding: 1,
          outputPadding: [1, 0, 1],
          groups: 2,
        }),
    ],
  ]),
  ...on(
    {
      python: '(torch.randn(2, 4, 8, 8, dtype=torch.float64),)',
      make: () => [torch.randn([2, 4, 8, 8], { dtype: 'float64' })],
    },
    [
      [
        'nn.Conv2d(4, 3, 3, dtype=torch.float64)',
        () => new nn.Conv2d(4, 3, 3, { dtype: 'float64' }),
      ],
    ],
  ),
  ...on(randn([2, 4, 6, 7]), [
    ['nn.Unfold(3)', () => new nn.Unfold(3)],
    [
      'nn.Unfold((2, 3), dilation=2, padding=1, stride=(1, 2))',
      () => new nn.Unfold([2, 3], { dilation: 2, padding: 1, stride: [1, 2] }),
    ],
  ]),
  ...on(randn([2, 12, 20]), [
    ['nn.Fold((5, 6), 2)', () => new nn.Fold([5, 6], 2)],
    [
      'nn.Fold((5, 6), (2, 2), padding=0, stride=1)',
      () => new nn.Fold([5, 6], [2, 2], { padding: 0, stride: 1 }),
    ],
  ]),
  ...on(randn([12, 9]), [
    ['nn.Fold(6, 2, stride=2)', () => new nn.Fold(6, 2, { stride: 2 })],
    [
      'nn.Fold((4, 4), 2, padding=1, stride=2)',
      () => new nn.Fold([4, 4], 2, { padding: 1, stride: 2 }),
    ],
  ]),
];
