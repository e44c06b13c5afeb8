import * as torch from 'tandem-torch';
import type { LayerCase } from '../case';
import { on, randn } from './rows';

const { nn } = torch;

export const dropouts: readonly LayerCase[] = [
  ...on(randn([4, 6]), [
    ['nn.Dropout()', () => new nn.Dropout()],
    ['nn.Dropout(0.3)', () => new nn.Dropout(0.3)],
    ['nn.Dropout(0.0)', () => new nn.Dropout(0)],
    ['nn.Dropout(1.0)', () => new nn.Dropout(1)],
    ['nn.AlphaDropout()', () => new nn.AlphaDropout()],
    ['nn.AlphaDropout(0.2)', () => new nn.AlphaDropout(0.2)],
    ['nn.Dropout1d(0.4)', () => new nn.Dropout1d(0.4)],
  ]),
  ...on(randn([2, 4, 5]), [
    ['nn.Dropout1d()', () => new nn.Dropout1d()],
    ['nn.Dropout2d(0.4)', () => new nn.Dropout2d(0.4)],
    ['nn.FeatureAlphaDropout(0.4)', () => new nn.FeatureAlphaDropout(0.4)],
  ]),
  ...on(randn([2, 4, 3, 3]), [
    ['nn.Dropout2d()', () => new nn.Dropout2d()],
    ['nn.Dropout3d(0.4)', () => new nn.Dropout3d(0.4)],
    ['nn.FeatureAlphaDropout()', () => new nn.FeatureAlphaDropout()],
  ]),
  ...on(randn([2, 4, 2, 2, 2]), [
    ['nn.Dropout3d()', () => new nn.Dropout3d()],
    ['nn.Dropout3d(0.2)', () => new nn.Dropout3d(0.2)],
  ]),
];
