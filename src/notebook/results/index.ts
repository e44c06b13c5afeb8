import { figureBundle, isFigure } from '../figure-bundle';
import type { MimeBundle } from '../mime';
import { comparisonBundle, isComparison } from './comparisons';
import { frameBundle, isFrame } from './frames';
import { historyBundle, isHistory, isKerasHistory, kerasHistoryBundle } from './histories';
import { isLayersModel, isModule, layersModelBundle, moduleBundle } from './models';
import {
  isTensorFlowTensor,
  isTorchTensor,
  tensorFlowTensorBundle,
  torchTensorBundle,
} from './tensors';

type Kind = readonly [is: (value: object) => boolean, bundle: (value: never) => MimeBundle];

// Recognised by their methods: showing a value must not load the other framework.
const kinds: readonly Kind[] = [
  [isTorchTensor, torchTensorBundle],
  [isTensorFlowTensor, tensorFlowTensorBundle],
  [isModule, moduleBundle],
  [isLayersModel, layersModelBundle],
  [isHistory, historyBundle],
  [isKerasHistory, kerasHistoryBundle],
  [isComparison, comparisonBundle],
  [isFrame, frameBundle],
  [isFigure, figureBundle],
];

/**
 * How a cell's last expression is shown if it has no display method of its own: tensors, models
 * and histories of both frameworks, data frames and figures. Undefined for anything else.
 */
export function resultBundle(value: object): MimeBundle | undefined {
  const kind = kinds.find(([is]) => is(value));
  return kind?.[1](value as never);
}
