import type { Factor } from './runs';

/** The names of a recipe's choices in text. */
export const factorNames: Readonly<Record<Factor, string>> = {
  imageSize: 'image size',
  normalization: 'normalisation',
  pooling: 'pooling',
  hiddenUnits: 'hidden layer',
  initialization: 'initialisation',
  lossForm: 'loss form',
  batchSize: 'batch size',
  shuffle: 'shuffling',
  validation: 'validation data',
  learningRate: 'learning rate',
  epochs: 'epochs',
  trainImages: 'training images',
  testImages: 'test images',
};

/** Their short labels for a figure's axis. */
export const factorLabels: Readonly<Record<Factor, string>> = {
  imageSize: 'size',
  normalization: 'scale',
  pooling: 'pool',
  hiddenUnits: 'hidden',
  initialization: 'init',
  lossForm: 'loss',
  batchSize: 'batch',
  shuffle: 'shuffle',
  validation: 'split',
  learningRate: 'rate',
  epochs: 'epochs',
  trainImages: 'images',
  testImages: 'tests',
};
