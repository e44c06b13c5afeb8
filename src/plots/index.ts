export { differenceGrowth, layerHeatmap, lossOnEachOther } from './agreement';
export { batchLossCurve } from './batch-loss';
export { frameworkGaps, lossBands, orderBars, type Runs, waterfall } from './changes';
export { accuracyOverTime, stackBars } from './choosing';
export { classBars, confusionMatrix } from './classes';
export {
  accuracyCurves,
  type CurveOptions,
  curves,
  lossCurves,
  type Metric,
  sideBySide,
} from './curves';
export { type Drawing, drawing, isDrawable } from './drawing';
export { colors, type Figure, names, otherColors } from './figure';
export { type SampleGridOptions, sampleGrid } from './images';
export { comparisonFigures, layerDifferences, pairLosses, type TwoCurves } from './pairs';
export { trainingCurve } from './training-curve';
