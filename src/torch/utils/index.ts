import { notHere } from '../absent';

export * as data from './data';

export const checkpoint = notHere(
  'torch.utils.checkpoint',
  'it trades time for memory on GPUs; call the function itself, or make the batch smaller',
);
export const tensorboard = notHere(
  'torch.utils.tensorboard',
  'plot the numbers in a notebook, or write them as JSON or CSV',
);
