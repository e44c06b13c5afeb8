/** The article's classifier in TensorFlow, from TypeScript. */
import { GradientDescent, type Tensor, tf } from 'tandem/tensorflow';

export function prepare(pixels: Float32Array, labels: Uint8Array): [Tensor, Tensor] {
  return [tf.tensor(pixels).reshape([-1, 28, 28, 1]), tf.tensor1d(labels, 'float32')];
}

export function build() {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }),
      tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1024, activation: 'relu' }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({
    optimizer: new GradientDescent(0.1),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

type Model = ReturnType<typeof build>;

export async function train(model: Model, [images, labels]: [Tensor, Tensor]) {
  await model.fit(images, labels, { batchSize: 32, verbose: 0 });
}

export function accuracy(model: Model, [images, labels]: [Tensor, Tensor]) {
  const [, share] = model.evaluate(images, labels, { batchSize: 100 }) as Tensor[];
  return share!.dataSync()[0]!;
}
