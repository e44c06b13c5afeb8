import type { LayersModel } from '@tensorflow/tfjs-node';
import * as torch from 'tandem-torch';
import type { ModelRecipe } from '../../models/pytorch';
import { tf } from '../../tensorflow';

const { nn } = torch;

/** A layer that both frameworks have, as plain data. */
export type Layer =
  | { readonly type: 'conv2d'; readonly filters: number; readonly kernel: number }
  | { readonly type: 'relu' }
  | { readonly type: 'maxPool2d'; readonly size: number }
  | { readonly type: 'flatten' }
  | { readonly type: 'dense'; readonly units: number };

/** One model in both frameworks, its layers side by side; both end with logits. */
export interface Pair {
  readonly layers: readonly Layer[];
  /** `conv2d 1`, `relu 2`, …: the names in reported differences. */
  readonly names: readonly string[];
  /** From images `[N, 1, S, S]` to logits. */
  readonly pytorch: torch.nn.Sequential;
  /** From images `[N, S, S, 1]` to logits. */
  readonly tensorflow: LayersModel;
}

/** The layers of a recipe's classifier, up to its logits. */
export function layersOf({ pooling, hiddenUnits }: ModelRecipe): Layer[] {
  return [
    { type: 'conv2d', filters: 32, kernel: 3 },
    { type: 'relu' },
    { type: 'conv2d', filters: 64, kernel: 3 },
    { type: 'relu' },
    { type: 'maxPool2d', size: pooling },
    { type: 'flatten' },
    ...(hiddenUnits
      ? [{ type: 'dense', units: hiddenUnits } as const, { type: 'relu' } as const]
      : []),
    { type: 'dense', units: 10 },
  ];
}

/**
 * Builds the layers in both frameworks, each with its own random weights; see `copyToTensorFlow` and
 * `copyToPyTorch` for a common start.
 * @param inputShape `[height, width, channels]`
 */
export function buildPair(
  layers: readonly Layer[],
  inputShape: readonly [number, number, number],
): Pair {
  const tensorflow = tf.sequential();
  const modules: torch.nn.Module[] = [];
  for (const layer of layers) {
    const input = tensorflow.layers.length === 0 ? { inputShape: [...inputShape] } : {};
    const before = (tensorflow.layers.at(-1)?.outputShape ?? [null, ...inputShape]) as number[];
    const channels = before.at(-1)!;
    switch (layer.type) {
      case 'conv2d':
        modules.push(new nn.Conv2d(channels, layer.filters, layer.kernel));
        tensorflow.add(
          tf.layers.conv2d({ ...input, filters: layer.filters, kernelSize: layer.kernel }),
        );
        break;
      case 'relu':
        modules.push(new nn.ReLU());
        tensorflow.add(tf.layers.activation({ ...input, activation: 'relu' }));
        break;
      case 'maxPool2d':
        modules.push(new nn.MaxPool2d(layer.size));
        tensorflow.add(tf.layers.maxPooling2d({ ...input, poolSize: layer.size }));
        break;
      case 'flatten':
        modules.push(new nn.Flatten());
        tensorflow.add(tf.layers.flatten(input));
        break;
      case 'dense':
        modules.push(new nn.Linear(channels, layer.units));
        tensorflow.add(tf.layers.dense({ ...input, units: layer.units }));
        break;
    }
  }
  const names = layers.map(({ type }, i) => `${type} ${i + 1}`);
  return { layers, names, pytorch: new nn.Sequential(...modules), tensorflow };
}
