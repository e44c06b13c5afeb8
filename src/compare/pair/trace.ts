import type { SymbolicTensor, layers as tfLayers } from '@tensorflow/tfjs-node';
import {
  softmaxCrossEntropyWithLogits,
  type Tensor2D,
  type Tensor4D,
  type Tensor as TfTensor,
  tf,
} from '../../tensorflow';
import * as torch from '../../torch';
import type { Pair } from './layers';
import { fromTensorFlow, inPyTorchLayout } from './weights';

const F = torch.nn.functional;

/** The gap between 1 and the next float32: the unit of all differences here. */
export const rounding = 2 ** -23;

/**
 * How far both frameworks are apart at one layer, in units of float32 rounding: the largest absolute
 * difference of any element, divided by the largest element and by 2⁻²³.
 */
export interface LayerDifference {
  readonly layer: string;
  readonly activation: number;
  /** Of the loss by the layer's output. */
  readonly gradient: number;
  /** Of the loss by its weights; null where it has none. */
  readonly weightGradient: number | null;
  /** Of the weights after the step; null where it has none. */
  readonly weights: number | null;
}

export interface StepDifference {
  /** From 1. */
  readonly step: number;
  readonly loss: { readonly pytorch: number; readonly tensorflow: number };
  readonly layers: readonly LayerDifference[];
}

/** A batch as each framework takes it. */
export interface Batch {
  readonly pytorch: { readonly images: torch.Tensor; readonly labels: torch.Tensor };
  readonly tensorflow: { readonly images: Tensor4D; readonly labels: Tensor2D };
}

/** What one framework computed in a step, in PyTorch's layout. */
interface Trace {
  readonly loss: number;
  readonly activations: readonly torch.Tensor[];
  readonly gradients: readonly torch.Tensor[];
  /** By the PyTorch module's parameters. */
  readonly weightGradients: ReadonlyMap<torch.Tensor, torch.Tensor>;
}

/** Largest difference of two tensors of one shape in units of rounding of the largest element. */
export function difference(a: torch.Tensor, b: torch.Tensor): number {
  return torch.tidy(() => {
    const largest = Math.max(a.abs().max().item(), b.abs().max().item());
    if (largest === 0) return 0;
    return a.sub(b).abs().max().item() / largest / rounding;
  });
}

function stepPyTorch({ pytorch }: Pair, { images, labels }: Batch['pytorch'], rate: number): Trace {
  const activations: torch.Tensor[] = [];
  let x = images;
  for (const module of pytorch) {
    x = module.call(x) as torch.Tensor;
    activations.push(x);
  }
  const loss = F.crossEntropy(x, labels);
  const parameters = pytorch.parameters();
  const found = torch.autograd.grad(loss, [...activations, ...parameters]);
  const weightGradients = found.slice(activations.length);
  torch.noGrad(() =>
    parameters.forEach((parameter, i) => void parameter.sub_(weightGradients[i]!.mul(rate))),
  );
  return {
    loss: loss.item(),
    activations: activations.map((activation) => activation.detach()),
    gradients: found.slice(0, activations.length),
    weightGradients: new Map(parameters.map((parameter, i) => [parameter, weightGradients[i]!])),
  };
}

/** Feature maps `[N, H, W, C]` as `[N, C, H, W]`, and flattened ones in that order; all else as it is. */
function channelsFirst(x: TfTensor, layer: tfLayers.Layer): torch.Tensor {
  const values = fromTensorFlow(x);
  const maps = layer.getClassName() === 'Flatten' ? (layer.input as SymbolicTensor).shape : x.shape;
  if (maps.length !== 4) return values;
  const [, height, width, channels] = maps as [number, number, number, number];
  return values
    .view([-1, height, width, channels])
    .permute(0, 3, 1, 2)
    .reshape(values.ndim === 4 ? [-1, channels, height, width] : [...values.shape]);
}

function stepTensorFlow(
  { tensorflow, pytorch }: Pair,
  { images, labels }: Batch['tensorflow'],
  rate: number,
): Trace {
  const activations: TfTensor[] = [];
  // A zero added to each layer's output: the gradient by it is the gradient by the output.
  const probes = tensorflow.layers.map((layer, i) => {
    const [, ...shape] = layer.outputShape as number[];
    return tf.variable(tf.zeros([images.shape[0], ...shape]), true, `probe ${i}`);
  });
  let trace!: Trace;
  try {
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        let x: TfTensor = images;
        tensorflow.layers.forEach((layer, i) => {
          x = layer.apply(x, { training: true }) as TfTensor;
          activations.push(tf.keep(x));
          x = x.add(probes[i]!);
        });
        return softmaxCrossEntropyWithLogits(labels, x as Tensor2D)
          .mean()
          .asScalar();
      });
      trace = {
        loss: value.dataSync()[0]!,
        activations: activations.map((x, i) => channelsFirst(x, tensorflow.layers[i]!)),
        gradients: tensorflow.layers.map((layer, i) => channelsFirst(grads[`probe ${i}`]!, layer)),
        weightGradients: inPyTorchLayout(tensorflow, pytorch, (layer) =>
          layer.weights.map(({ name }) => grads[name]),
        ),
      };
      for (const layer of tensorflow.layers) {
        for (const weight of layer.trainableWeights) {
          weight.write(weight.read().sub(grads[weight.name]!.mul(rate)));
        }
      }
    });
  } finally {
    tf.dispose([...probes, ...activations]);
  }
  return trace;
}

/**
 * Trains both models of a pair by plain gradient descent on the same batches and yields, step by
 * step, how far they are apart: losses, and for each layer activations, gradients and weights.
 */
export function* compareSteps(
  pair: Pair,
  batches: Iterable<Batch>,
  learningRate: number,
): Generator<StepDifference> {
  let step = 0;
  for (const batch of batches) {
    step++;
    yield torch.tidy(() => {
      const ours = stepPyTorch(pair, batch.pytorch, learningRate);
      const theirs = stepTensorFlow(pair, batch.tensorflow, learningRate);
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
        activation: difference(ours.activations[i]!, theirs.activations[i]!),
        gradient: difference(ours.gradients[i]!, theirs.gradients[i]!),
        weightGradient: largest(module, (parameter) => [
          ours.weightGradients.get(parameter)!,
          theirs.weightGradients.get(parameter)!,
        ]),
        weights: largest(module, (parameter) => [parameter.detach(), weights.get(parameter)!]),
      }));
      return { step, loss: { pytorch: ours.loss, tensorflow: theirs.loss }, layers };
    });
  }
}

/** Where both frameworks first leave a tolerance, and by how much. */
export interface Departure {
  readonly step: number;
  readonly layer: string;
  readonly what: 'activation' | 'gradient' | 'weightGradient' | 'weights';
  /** In units of float32 rounding. */
  readonly difference: number;
}

/**
 * The first layer that leaves the tolerance in a step, in the order of the computation: forward
 * through the activations, backward through the gradients, then the updated weights.
 */
export function firstDeparture(
  { step, layers }: StepDifference,
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
