export { detectAnomaly, setDetectAnomaly } from './anomaly';
export { type BackwardOptions, backward, type GradOptions, grad } from './engine';
export * as forwardAd from './forward-ad';
export { Function, FunctionContext } from './function';
export * as functional from './functional';
export {
  GradcheckError,
  type GradcheckOptions,
  type GradgradcheckOptions,
  gradcheck,
  gradgradcheck,
} from './gradcheck';
export * as graph from './graph';
export { type Edge, GraphNode, getGradientEdge } from './graph-node';
export type { PostAccumulateGradHook, TensorHook } from './hooks';
export {
  enableGrad,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  noGrad,
  setGradEnabled,
} from './modes';
export { Variable } from './variable';
