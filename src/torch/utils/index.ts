import { notHere } from '../absent';

export * as checkpoint from './checkpoint';
export * as data from './data';

export const tensorboard = notHere(
  'torch.utils.tensorboard',
  'plot the numbers in a notebook, or write them as JSON or CSV',
);
