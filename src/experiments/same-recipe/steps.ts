import type { SymbolicTensor, layers as tfLayers } from '@tensorflow/tfjs-node';
import * as torch from 'tandem-torch';
import {
  softmaxCrossEntropyWithLogits,
  type Tensor2D,
  type Tensor4D,
  type Tensor as TfTensor,
  tf,
} from '../../tensorflow';
import type { Pair } from './layers';
import { fromTensorFlow, inPyTorchLayout } from './weights';

const F = torch.nn.functional;

/** A batch as each framework takes it. */
export interface Batch {
  readonly pytorch: { readonly images: torch.Tensor; readonly labels: torch.Tensor };
  readonly tensorflow: { readonly images: Tensor4D; readonly labels: Tensor2D };
}

/** One framework's results in a step, in PyTorch's layout. */
interface Trace {
  readonly activations: readonly torch.Tensor[];
  /** Gradients of the loss by each layer's output. */
  readonly gradients: readonly torch.Tensor[];
  /** By the PyTorch module's parameters. */
  readonly weightGradients: ReadonlyMap<torch.Tensor, torch.Tensor>;
}

interface Step {
  readonly loss: number;
  /** On request only: recording everything takes longer than the step itself. */
  readonly trace?: Trace;
}

/** One step of gradient descent on a pair's PyTorch model. */
export function stepPyTorch(
  { pytorch }: Pair,
  { images, labels }: Batch['pytorch'],
  rate: number,
  look: boolean,
): Step {
  const activations: torch.Tensor[] = [];
  let x = images;
  for (const module of pytorch) {
    x = module.call(x) as torch.Tensor;
    activations.push(x);
  }
  const loss = F.crossEntropy(x, labels);
  const parameters = pytorch.parameters();
  const inner = look ? activations : [];
  const found = torch.autograd.grad(loss, [...inner, ...parameters]);
  const weightGradients = found.slice(inner.length);
  torch.noGrad(() =>
    parameters.forEach((parameter, i) => void parameter.sub_(weightGradients[i]!.mul(rate))),
  );
  if (!look) return { loss: loss.item() };
  return {
    loss: loss.item(),
    trace: {
      activations: activations.map((activation) => activation.detach()),
      gradients: found.slice(0, inner.length),
      weightGradients: new Map(parameters.map((parameter, i) => [parameter, weightGradients[i]!])),
    },
  };
}

/** Feature maps `[N, H, W, C]` as `[N, C, H, W]`, and flattened ones in that order; others unchanged. */
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

/** One step of gradient descent on a pair's TensorFlow model. */
export function stepTensorFlow(
  { tensorflow, pytorch }: Pair,
  { images, labels }: Batch['tensorflow'],
  rate: number,
  look: boolean,
): Step {
  const activations: TfTensor[] = [];
  // A zero added to each layer's output: the gradient by it is the gradient by the output.
  const probes = tensorflow.layers.flatMap((layer, i) => {
    if (!look) return [];
    const [, ...shape] = layer.outputShape as number[];
    return [tf.variable(tf.zeros([images.shape[0], ...shape]), true, `probe ${i}`)];
  });
  let step!: Step;
  try {
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        let x: TfTensor = images;
        tensorflow.layers.forEach((layer, i) => {
          x = layer.apply(x, { training: true }) as TfTensor;
          if (!look) return;
          activations.push(tf.keep(x));
          x = x.add(probes[i]!);
        });
        return softmaxCrossEntropyWithLogits(labels, x as Tensor2D)
          .mean()
          .asScalar();
      });
      const { layers } = tensorflow;
      step = {
        loss: value.dataSync()[0]!,
        ...(look && {
          trace: {
            activations: activations.map((x, i) => channelsFirst(x, layers[i]!)),
            gradients: layers.map((layer, i) => channelsFirst(grads[`probe ${i}`]!, layer)),
            weightGradients: inPyTorchLayout(tensorflow, pytorch, (layer) =>
              layer.weights.map(({ name }) => grads[name]),
            ),
          },
        }),
      };
      for (const layer of layers) {
        for (const weight of layer.trainableWeights) {
          weight.write(weight.read().sub(grads[weight.name]!.mul(rate)));
        }
      }
    });
  } finally {
    tf.dispose([...probes, ...activations]);
  }
  return step;
}
