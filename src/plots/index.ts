export { classBars, confusionMatrix } from './classes';
export {
  accuracyCurves,
  batchLossCurve,
  type CurveOptions,
  curves,
  lossCurves,
  type Metric,
  sideBySide,
} from './curves';
export { colors, type Figure, names } from './figure';
export { type SampleGridOptions, sampleGrid } from './images';
