/** Which framework runs a recipe. */
export type Framework = 'pytorch' | 'tensorflow';

/** Everything that decides a training run but the framework, the seed and the data: plain data. */
export interface Recipe {
  readonly name: string;
  /** Side of the square input images, in pixels; other sizes are resized (bilinear, antialiased). */
  readonly imageSize: number;
  /** `unit`: pixels / 255. `standard`: (pixels / 255 − mean) / deviation, over the whole set. */
  readonly normalization: 'unit' | { readonly mean: number; readonly std: number };
  /** Side of the max-pooling window after the convolutions; 1 does nothing. */
  readonly pooling: number;
  /** Units of the dense layer between the flattened features and the output; null leaves it out. */
  readonly hiddenUnits: number | null;
  /** Whose default initialisation: `glorot` is Keras', `kaiming` is PyTorch's. */
  readonly initialization: 'glorot' | 'kaiming';
  /** Output and loss: softmax with categorical cross-entropy, or log-softmax with cross-entropy on it. */
  readonly lossForm: 'softmax' | 'log-softmax';
  readonly batchSize: number;
  /** Whether each epoch draws a new order of the training images. */
  readonly shuffle: boolean;
  /** Validation data: the last fraction of the training set, or the test set. */
  readonly validation: { readonly split: number } | 'test';
  readonly learningRate: number;
  readonly epochs: number;
  /** Use only the first so many training images (before any split); null means all. */
  readonly trainImages: number | null;
  /** Use only the first so many test images; null means all. */
  readonly testImages: number | null;
}

/** The article's TensorFlow recipe. */
export const tensorflowRecipe: Recipe = {
  name: 'tensorflow-article',
  imageSize: 28,
  normalization: 'unit',
  pooling: 2,
  hiddenUnits: 1024,
  initialization: 'glorot',
  lossForm: 'softmax',
  batchSize: 32,
  shuffle: true,
  validation: { split: 0.3 },
  learningRate: 0.01,
  epochs: 5,
  trainImages: null,
  testImages: null,
};

/** The article's PyTorch recipe. */
export const pytorchRecipe: Recipe = {
  name: 'pytorch-article',
  imageSize: 8,
  normalization: { mean: 0.1307, std: 0.3081 },
  pooling: 1,
  hiddenUnits: null,
  initialization: 'kaiming',
  lossForm: 'log-softmax',
  batchSize: 512,
  shuffle: false,
  validation: 'test',
  learningRate: 0.01,
  epochs: 5,
  trainImages: null,
  testImages: null,
};
