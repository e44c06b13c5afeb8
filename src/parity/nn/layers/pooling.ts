import * as torch from 'tandem-torch';
import type { LayerCase } from '../case';
import { on, randn } from './rows';

const { nn } = torch;
const F = nn.functional;

const line: readonly LayerCase[] = on(randn([2, 3, 9]), [
  ['nn.MaxPool1d(2)', () => new nn.MaxPool1d(2)],
  [
    'nn.MaxPool1d(3, stride=1, padding=1, dilation=2)',
    () => new nn.MaxPool1d(3, { stride: 1, padding: 1, dilation: 2 }),
  ],
  [
    'nn.MaxPool1d(2, return_indices=True, ceil_mode=True)',
    () => new nn.MaxPool1d(2, { returnIndices: true, ceilMode: true }),
  ],
  ['nn.AvgPool1d(2)', () => new nn.AvgPool1d(2)],
  [
    'nn.AvgPool1d(3, stride=2, padding=1, count_include_pad=False, ceil_mode=True)',
    () => new nn.AvgPool1d(3, { stride: 2, padding: 1, countIncludePad: false, ceilMode: true }),
  ],
  ['nn.LPPool1d(2.0, 3)', () => new nn.LPPool1d(2, 3)],
  [
    'nn.LPPool1d(1.5, 3, stride=2, ceil_mode=True)',
    () => new nn.LPPool1d(1.5, 3, { stride: 2, ceilMode: true }),
  ],
  ["nn.LPPool1d(float('inf'), 3)", () => new nn.LPPool1d(Infinity, 3)],
  ['nn.AdaptiveAvgPool1d(4)', () => new nn.AdaptiveAvgPool1d(4)],
  ['nn.AdaptiveAvgPool1d(1)', () => new nn.AdaptiveAvgPool1d(1)],
  ['nn.AdaptiveMaxPool1d(4)', () => new nn.AdaptiveMaxPool1d(4)],
  [
    'nn.AdaptiveMaxPool1d(5, return_indices=True)',
    () => new nn.AdaptiveMaxPool1d(5, { returnIndices: true }),
  ],
]);

const image: readonly LayerCase[] = on(randn([2, 3, 8, 8]), [
  ['nn.MaxPool2d(2)', () => new nn.MaxPool2d(2)],
  ['nn.MaxPool2d(3, stride=2, padding=1)', () => new nn.MaxPool2d(3, { stride: 2, padding: 1 })],
  [
    'nn.MaxPool2d((2, 3), stride=(1, 2), dilation=2, ceil_mode=True)',
    () => new nn.MaxPool2d([2, 3], { stride: [1, 2], dilation: 2, ceilMode: true }),
  ],
  ['nn.MaxPool2d(2, return_indices=True)', () => new nn.MaxPool2d(2, { returnIndices: true })],
  ['nn.AvgPool2d(2)', () => new nn.AvgPool2d(2)],
  [
    'nn.AvgPool2d(3, padding=1, count_include_pad=False)',
    () => new nn.AvgPool2d(3, { padding: 1, countIncludePad: false }),
  ],
  [
    'nn.AvgPool2d((2, 3), stride=2, ceil_mode=True, divisor_override=5)',
    () => new nn.AvgPool2d([2, 3], { stride: 2, ceilMode: true, divisorOverride: 5 }),
  ],
  ['nn.LPPool2d(2.0, 3)', () => new nn.LPPool2d(2, 3)],
  [
    'nn.LPPool2d(3.0, (3, 2), stride=2, ceil_mode=True)',
    () => new nn.LPPool2d(3, [3, 2], { stride: 2, ceilMode: true }),
  ],
  ["nn.LPPool2d(-float('inf'), 2)", () => new nn.LPPool2d(-Infinity, 2)],
  ['nn.AdaptiveAvgPool2d(1)', () => new nn.AdaptiveAvgPool2d(1)],
  ['nn.AdaptiveAvgPool2d((3, 5))', () => new nn.AdaptiveAvgPool2d([3, 5])],
  ['nn.AdaptiveAvgPool2d((None, 3))', () => new nn.AdaptiveAvgPool2d([null, 3])],
  ['nn.AdaptiveMaxPool2d(3)', () => new nn.AdaptiveMaxPool2d(3)],
  [
    'nn.AdaptiveMaxPool2d((3, None), return_indices=True)',
    () => new nn.AdaptiveMaxPool2d([3, null], { returnIndices: true }),
  ],
  [
    'nn.FractionalMaxPool2d(3, output_size=(4, 3))',
    () => new nn.FractionalMaxPool2d(3, { outputSize: [4, 3] }),
  ],
  [
    'nn.FractionalMaxPool2d((2, 3), output_ratio=(0.5, 0.6), return_indices=True)',
    () => new nn.FractionalMaxPool2d([2, 3], { outputRatio: [0.5, 0.6], returnIndices: true }),
  ],
  [
    'nn.FractionalMaxPool2d(2, output_size=3, _random_samples=torch.full((2, 3, 2), 0.3))',
    () =>
      new nn.FractionalMaxPool2d(2, {
        outputSize: 3,
        _randomSamples: torch.full([2, 3, 2], 0.3),
      }),
  ],
]);

const volume: readonly LayerCase[] = on(randn([1, 2, 6, 6, 6]), [
  ['nn.MaxPool3d(2)', () => new nn.MaxPool3d(2)],
  [
    'nn.MaxPool3d((2, 3, 2), stride=2, padding=1, ceil_mode=True)',
    () => new nn.MaxPool3d([2, 3, 2], { stride: 2, padding: 1, ceilMode: true }),
  ],
  ['nn.MaxPool3d(3, return_indices=True)', () => new nn.MaxPool3d(3, { returnIndices: true })],
  ['nn.AvgPool3d(2)', () => new nn.AvgPool3d(2)],
  [
    'nn.AvgPool3d((2, 3, 2), padding=1, count_include_pad=False)',
    () => new nn.AvgPool3d([2, 3, 2], { padding: 1, countIncludePad: false }),
  ],
  [
    'nn.AvgPool3d(3, stride=2, divisor_override=4)',
    () => new nn.AvgPool3d(3, { stride: 2, divisorOverride: 4 }),
  ],
  ['nn.LPPool3d(2.0, 2)', () => new nn.LPPool3d(2, 2)],
  ['nn.LPPool3d(1.2, (2, 1, 3), stride=2)', () => new nn.LPPool3d(1.2, [2, 1, 3], { stride: 2 })],
  ['nn.AdaptiveAvgPool3d(2)', () => new nn.AdaptiveAvgPool3d(2)],
  ['nn.AdaptiveAvgPool3d((3, None, 4))', () => new nn.AdaptiveAvgPool3d([3, null, 4])],
  ['nn.AdaptiveMaxPool3d(2)', () => new nn.AdaptiveMaxPool3d(2)],
  [
    'nn.AdaptiveMaxPool3d((3, 2, None), return_indices=True)',
    () => new nn.AdaptiveMaxPool3d([3, 2, null], { returnIndices: true }),
  ],
  [
    'nn.FractionalMaxPool3d(2, output_size=3)',
    () => new nn.FractionalMaxPool3d(2, { outputSize: 3 }),
  ],
  [
    'nn.FractionalMaxPool3d((2, 3, 2), output_ratio=(0.5, 0.6, 0.7), return_indices=True)',
    () =>
      new nn.FractionalMaxPool3d([2, 3, 2], {
        outputRatio: [0.5, 0.6, 0.7],
        returnIndices: true,
      }),
  ],
]);

const unpooling: readonly LayerCase[] = [
  ...on(
    {
      python: 'F.max_pool1d(torch.randn(2, 3, 8), 2, return_indices=True)',
      make: () => F.maxPool1d(torch.randn(2, 3, 8), 2, { returnIndices: true }),
    },
    [
      ['nn.MaxUnpool1d(2)', () => new nn.MaxUnpool1d(2)],
      [
        'nn.MaxUnpool1d(2, stride=2, padding=0)',
        () => new nn.MaxUnpool1d(2, { stride: 2, padding: 0 }),
      ],
    ],
  ),
  ...on(
    {
      python: '(*F.max_pool1d(torch.randn(2, 3, 9), 2, return_indices=True), [9])',
      make: () => [...F.maxPool1d(torch.randn(2, 3, 9), 2, { returnIndices: true }), [9]],
    },
    [['nn.MaxUnpool1d(2)', () => new nn.MaxUnpool1d(2)]],
  ),
  ...on(
    {
      python: 'F.max_pool2d(torch.randn(2, 3, 8, 8), 2, return_indices=True)',
      make: () => F.maxPool2d(torch.randn(2, 3, 8, 8), 2, { returnIndices: true }),
    },
    [['nn.MaxUnpool2d(2)', () => new nn.MaxUnpool2d(2)]],
  ),
  ...on(
    {
      python:
        '(*F.max_pool2d(torch.randn(2, 3, 9, 8), (3, 2), stride=(2, 2), return_indices=True), [2, 3, 9, 8])',
      make: () => [
        ...F.maxPool2d(torch.randn(2, 3, 9, 8), [3, 2], { stride: [2, 2], returnIndices: true }),
        [2, 3, 9, 8],
      ],
    },
    [
      [
        'nn.MaxUnpool2d((3, 2), stride=(2, 2))',
        () => new nn.MaxUnpool2d([3, 2], { stride: [2, 2] }),
      ],
    ],
  ),
  ...on(
    {
      python: 'F.max_pool3d(torch.randn(1, 2, 6, 6, 6), 2, return_indices=True)',
      make: () => F.maxPool3d(torch.randn(1, 2, 6, 6, 6), 2, { returnIndices: true }),
    },
    [
      ['nn.MaxUnpool3d(2)', () => new nn.MaxUnpool3d(2)],
      ['nn.MaxUnpool3d((2, 2, 2), stride=2)', () => new nn.MaxUnpool3d([2, 2, 2], { stride: 2 })],
    ],
  ),
];

export const poolings: readonly LayerCase[] = [...line, ...image, ...volume, ...unpooling];
