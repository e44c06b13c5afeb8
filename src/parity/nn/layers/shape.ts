import * as torch from 'tandem-torch';
import type { LayerCase } from '../case';
import { on, randn } from './rows';

const { nn } = torch;

/** Paddings, upsampling, shuffles and other changes of the shape. */
export const shapes: readonly LayerCase[] = [
  ...on(randn([2, 3, 6]), [
    ['nn.ReflectionPad1d(2)', () => new nn.ReflectionPad1d(2)],
    ['nn.ReflectionPad1d((3, 1))', () => new nn.ReflectionPad1d([3, 1])],
    ['nn.ReplicationPad1d(2)', () => new nn.ReplicationPad1d(2)],
    ['nn.ReplicationPad1d((3, 1))', () => new nn.ReplicationPad1d([3, 1])],
    ['nn.CircularPad1d(2)', () => new nn.CircularPad1d(2)],
    ['nn.CircularPad1d((3, 1))', () => new nn.CircularPad1d([3, 1])],
    ['nn.ConstantPad1d(2, 3.5)', () => new nn.ConstantPad1d(2, 3.5)],
    ['nn.ConstantPad1d((3, -1), -1.0)', () => new nn.ConstantPad1d([3, -1], -1)],
    ['nn.ZeroPad1d(2)', () => new nn.ZeroPad1d(2)],
    ['nn.ZeroPad1d((3, 1))', () => new nn.ZeroPad1d([3, 1])],
  ]),
  ...on(randn([2, 3, 5, 6]), [
    ['nn.ReflectionPad2d(2)', () => new nn.ReflectionPad2d(2)],
    ['nn.ReflectionPad2d((1, 2, 3, 0))', () => new nn.ReflectionPad2d([1, 2, 3, 0])],
    ['nn.ReplicationPad2d(2)', () => new nn.ReplicationPad2d(2)],
    ['nn.ReplicationPad2d((1, 2, 3, 0))', () => new nn.ReplicationPad2d([1, 2, 3, 0])],
    ['nn.CircularPad2d(2)', () => new nn.CircularPad2d(2)],
    ['nn.CircularPad2d((1, 2, 3, 0))', () => new nn.CircularPad2d([1, 2, 3, 0])],
    ['nn.ConstantPad2d(2, 3.5)', () => new nn.ConstantPad2d(2, 3.5)],
    ['nn.ConstantPad2d((1, 2, 3, 0), 0.25)', () => new nn.ConstantPad2d([1, 2, 3, 0], 0.25)],
    ['nn.ZeroPad2d(2)', () => new nn.ZeroPad2d(2)],
    ['nn.ZeroPad2d((1, 2, -1, 0))', () => new nn.ZeroPad2d([1, 2, -1, 0])],
  ]),
  ...on(randn([1, 2, 4, 3, 5]), [
    ['nn.ReflectionPad3d(2)', () => new nn.ReflectionPad3d(2)],
    ['nn.ReflectionPad3d((1, 2, 0, 1, 2, 1))', () => new nn.ReflectionPad3d([1, 2, 0, 1, 2, 1])],
    ['nn.ReplicationPad3d(2)', () => new nn.ReplicationPad3d(2)],
    ['nn.ReplicationPad3d((1, 2, 0, 1, 2, 1))', () => new nn.ReplicationPad3d([1, 2, 0, 1, 2, 1])],
    ['nn.CircularPad3d(2)', () => new nn.CircularPad3d(2)],
    ['nn.CircularPad3d((1, 2, 0, 1, 2, 1))', () => new nn.CircularPad3d([1, 2, 0, 1, 2, 1])],
    ['nn.ConstantPad3d(2, 3.5)', () => new nn.ConstantPad3d(2, 3.5)],
    [
      'nn.ConstantPad3d((1, 2, 0, 1, 2, 1), 0.25)',
      () => new nn.ConstantPad3d([1, 2, 0, 1, 2, 1], 0.25),
    ],
    ['nn.ZeroPad3d(2)', () => new nn.ZeroPad3d(2)],
    ['nn.ZeroPad3d((1, 2, 0, 1, 2, 1))', () => new nn.ZeroPad3d([1, 2, 0, 1, 2, 1])],
  ]),
  ...on(randn([2, 3, 7]), [
    ['nn.Upsample(scale_factor=2.0)', () => new nn.Upsample({ scaleFactor: 2 })],
    ["nn.Upsample(size=5, mode='linear')", () => new nn.Upsample({ size: 5, mode: 'linear' })],
    [
      "nn.Upsample(scale_factor=1.7, mode='linear', align_corners=True)",
      () => new nn.Upsample({ scaleFactor: 1.7, mode: 'linear', alignCorners: true }),
    ],
    ["nn.Upsample(size=4, mode='area')", () => new nn.Upsample({ size: 4, mode: 'area' })],
    [
      "nn.Upsample(size=10, mode='nearest-exact')",
      () => new nn.Upsample({ size: 10, mode: 'nearest-exact' }),
    ],
  ]),
  ...on(randn([2, 4, 6, 5]), [
    ['nn.Upsample(scale_factor=2.0)', () => new nn.Upsample({ scaleFactor: 2 })],
    ['nn.Upsample((9, 4))', () => new nn.Upsample({ size: [9, 4] })],
    [
      "nn.Upsample(scale_factor=(1.5, 2.0), mode='bilinear')",
      () => new nn.Upsample({ scaleFactor: [1.5, 2], mode: 'bilinear' }),
    ],
    [
      "nn.Upsample(size=(9, 4), mode='bilinear', align_corners=True)",
      () => new nn.Upsample({ size: [9, 4], mode: 'bilinear', alignCorners: true }),
    ],
    [
      "nn.Upsample(scale_factor=1.3, mode='bicubic')",
      () => new nn.Upsample({ scaleFactor: 1.3, mode: 'bicubic' }),
    ],
    [
      "nn.Upsample(scale_factor=1.3, mode='bilinear', recompute_scale_factor=True)",
      () => new nn.Upsample({ scaleFactor: 1.3, mode: 'bilinear', recomputeScaleFactor: true }),
    ],
    [
      'nn.UpsamplingNearest2d(scale_factor=2.0)',
      () => new nn.UpsamplingNearest2d({ scaleFactor: 2 }),
    ],
    ['nn.UpsamplingNearest2d(size=(7, 8))', () => new nn.UpsamplingNearest2d({ size: [7, 8] })],
    [
      'nn.UpsamplingBilinear2d(scale_factor=2.0)',
      () => new nn.UpsamplingBilinear2d({ scaleFactor: 2 }),
    ],
    ['nn.UpsamplingBilinear2d(size=8)', () => new nn.UpsamplingBilinear2d({ size: 8 })],
    ['nn.PixelShuffle(2)', () => new nn.PixelShuffle(2)],
    ['nn.PixelShuffle(1)', () => new nn.PixelShuffle(1)],
    ['nn.ChannelShuffle(2)', () => new nn.ChannelShuffle(2)],
    ['nn.ChannelShuffle(4)', () => new nn.ChannelShuffle(4)],
    ['nn.Flatten()', () => new nn.Flatten()],
    ['nn.Flatten(0, 2)', () => new nn.Flatten(0, 2)],
    ['nn.Unflatten(1, (2, 2))', () => new nn.Unflatten(1, [2, 2])],
    ['nn.Unflatten(2, (3, -1, 1))', () => new nn.Unflatten(2, [3, -1, 1])],
    ['nn.Identity()', () => new nn.Identity()],
    ['nn.Identity(54, unused=True)', () => new nn.Identity(54, { unused: true })],
  ]),
  ...on(randn([2, 2, 6, 6]), [
    ['nn.PixelUnshuffle(2)', () => new nn.PixelUnshuffle(2)],
    ['nn.PixelUnshuffle(3)', () => new nn.PixelUnshuffle(3)],
  ]),
  ...on(randn([1, 2, 3, 4, 5]), [
    ['nn.Upsample(scale_factor=2.0)', () => new nn.Upsample({ scaleFactor: 2 })],
    [
      "nn.Upsample(size=(5, 4, 7), mode='trilinear')",
      () => new nn.Upsample({ size: [5, 4, 7], mode: 'trilinear' }),
    ],
    [
      "nn.Upsample(scale_factor=1.5, mode='trilinear', align_corners=True)",
      () => new nn.Upsample({ scaleFactor: 1.5, mode: 'trilinear', alignCorners: true }),
    ],
  ]),
];
