import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-node';
import { type Tensor2D, type Tensor4D, tf } from '../tensorflow';
import type { ModelRecipe } from './pytorch';

/** An initialiser with Keras' or PyTorch's default range; each layer has its own seed. */
function initializers({ initialization }: ModelRecipe, fanIn: number, seed: number) {
  if (initialization === 'glorot') {
    return {
      kernelInitializer: tf.initializers.glorotUniform({ seed }),
      biasInitializer: tf.initializers.zeros(),
    };
  }
  const bound = 1 / Math.sqrt(fanIn);
  const range = { minval: -bound, maxval: bound };
  return {
    kernelInitializer: tf.initializers.randomUniform({ ...range, seed }),
    biasInitializer: tf.initializers.randomUniform({ ...range, seed: seed + 1 }),
  };
}

/**
 * The article's classifier in Keras' idiom: from images `[N, S, S, 1]` to class scores `[N, 10]`,
 * probabilities, or logits where the recipe's loss form is `log-softmax`. The same seed gives the
 * same weights.
 */
export function buildModel(recipe: ModelRecipe, seed = 0): LayersModel {
  const { imageSize, pooling, hiddenUnits, lossForm } = recipe;
  const features = 64 * Math.floor((imageSize - 4) / pooling) ** 2;
  const model = tf.sequential();
  // Far enough apart that layers of neighbouring seeds never share a stream.
  const init = (layer: number, fanIn: number) =>
    initializers(recipe, fanIn, 1000 * seed + 10 * layer + 1);
  model.add(
    tf.layers.conv2d({
      inputShape: [imageSize, imageSize, 1],
      filters: 32,
      kernelSize: 3,
      activation: 'relu',
      ...init(0, 9),
    }),
  );
  model.add(tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu', ...init(1, 288) }));
  model.add(tf.layers.maxPooling2d({ poolSize: pooling, strides: pooling }));
  model.add(tf.layers.flatten());
  if (hiddenUnits) {
    model.add(tf.layers.dense({ units: hiddenUnits, activation: 'relu', ...init(2, features) }));
  }
  model.add(
    tf.layers.dense({
      units: 10,
      activation: lossForm === 'softmax' ? 'softmax' : 'linear',
      ...init(3, hiddenUnits ?? features),
    }),
  );
  return model;
}

/**
 * From images `[N, S, S, 1]` to the logits `[N, 10]` before the model's last activation, sharing its
 * weights. Keras' loss starts from them as well, also behind a softmax.
 */
export function logitsOf(model: LayersModel): (images: Tensor4D) => Tensor2D {
  const last = model.layers.at(-1)!;
  const features = tf.model({ inputs: model.inputs, outputs: last.input as SymbolicTensor });
  const [kernel, bias] = last.trainableWeights;
  return (images) => {
    const input = features.apply(images, { training: true }) as Tensor2D;
    return tf.matMul(input, kernel!.read() as Tensor2D).add(bias!.read());
  };
}
