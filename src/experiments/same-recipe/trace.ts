import * as torch from 'tandem-torch';
import type { Pair } from './layers';
import { type Batch, stepPyTorch, stepTensorFlow } from './steps';
import { inPyTorchLayout } from './weights';

/** The gap between 1 and the next float32: the unit of all differences here. */
export const rounding = 2 ** -23;

/**
 * The difference between both frameworks at one layer, in units of float32 rounding: the largest absolute
 * difference of any element, divided by the largest element and by 2⁻²³.
 */
export interface LayerDifference {
  readonly layer: string;
  readonly activation: number;
  /** Gradient of the loss by the layer's output. */
  readonly gradient: number;
  /** Gradient of the loss by its weights; null if it has none. */
  readonly weightGradient: number | null;
  /** The weights after the step; null if it has none. */
  readonly weights: number | null;
}

/** The quantities compared at a layer. */
export type Compared = Exclude<keyof LayerDifference, 'layer'>;

export interface StepDifference {
  /** From 1. */
  readonly step: number;
  readonly loss: { readonly pytorch: number; readonly tensorflow: number };
  /** Empty at a step whose layers were not compared. */
  readonly layers: readonly LayerDifference[];
}

/** The largest magnitude of any element; NaN if one is NaN. */
function magnitude(x: torch.Tensor): number {
  const { min, max } = torch.aminmax(x);
  return Math.max(-min.item(), max.item());
}

/** Largest difference of two tensors of one shape in units of rounding of the largest element. */
export function difference(a: torch.Tensor, b: torch.Tensor): number {
  return torch.tidy(() => {
    const largest = Math.max(magnitude(a), magnitude(b));
    return largest === 0 ? 0 : magnitude(a.sub(b)) / largest / rounding;
  });
}

/**
 * Trains both models of a pair by plain gradient descent on the same batches and yields their
 * differences step by step: losses, and at the steps that `look` picks, each layer's activations,
 * gradients and weights. A look takes a few times as long as a step.
 */
export function* compareSteps(
  pair: Pair,
  batches: Iterable<Batch>,
  learningRate: number,
  look: (step: number) => boolean = () => true,
): Generator<StepDifference> {
  let step = 0;
  for (const batch of batches) {
    step++;
    yield torch.tidy(() => {
      const looking = look(step);
      const ours = stepPyTorch(pair, batch.pytorch, learningRate, looking);
      const theirs = stepTensorFlow(pair, batch.tensorflow, learningRate, looking);
      const loss = { pytorch: ours.loss, tensorflow: theirs.loss };
      const [a, b] = [ours.trace, theirs.trace];
      if (!a || !b) return { step, loss, layers: [] };
      const weights = inPyTorchLayout(pair.tensorflow, pair.pytorch);
      const largest = (
        module: torch.nn.Module,
        pairOf: (parameter: torch.Tensor) => [torch.Tensor, torch.Tensor],
      ): number | null => {
        const parameters = module.parameters();
        if (parameters.length === 0) return null;
        return Math.max(...parameters.map((parameter) => difference(...pairOf(parameter))));
      };
      const layers = [...pair.pytorch].map((module, i) => ({
        layer: pair.names[i]!,
        activation: difference(a.activations[i]!, b.activations[i]!),
        gradient: difference(a.gradients[i]!, b.gradients[i]!),
        weightGradient: largest(module, (parameter) => [
          a.weightGradients.get(parameter)!,
          b.weightGradients.get(parameter)!,
        ]),
        weights: largest(module, (parameter) => [parameter.detach(), weights.get(parameter)!]),
      }));
      return { step, loss, layers };
    });
  }
}

/**
 * The largest difference at the first step that rounding can explain, in roundings: sums of thousands
 * of products, added in a different order.
 */
export const firstStepTolerance = 100;

/** Where the difference first exceeds a tolerance, and by how much. */
export interface Departure {
  readonly step: number;
  readonly layer: string;
  readonly what: Compared;
  /** In units of float32 rounding. */
  readonly difference: number;
}

/**
 * The first layer that exceeds the tolerance in a step, in the order of the computation: forward
 * through the activations, backward through the gradients, then the updated weights.
 */
export function firstDeparture(
  { step, layers }: Pick<StepDifference, 'step' | 'layers'>,
  tolerance: number,
): Departure | undefined {
  const backward = [...layers].reverse();
  const order = [
    ...layers.map((layer) => ({ layer, what: 'activation' as const })),
    ...backward.flatMap((layer) =>
      (['gradient', 'weightGradient'] as const).map((what) => ({ layer, what })),
    ),
    ...layers.map((layer) => ({ layer, what: 'weights' as const })),
  ];
  for (const { layer, what } of order) {
    const value = layer[what];
    if (value !== null && !(value <= tolerance)) {
      return { step, layer: layer.layer, what, difference: value };
    }
  }
  return undefined;
}
