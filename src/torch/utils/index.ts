export * as checkpoint from './checkpoint';
export * as data from './data';
export * as tensorboard from './tensorboard';
