export { DataLoader, type DataLoaderOptions } from './data-loader';
export { type Dataset, TensorDataset } from './dataset';
export { RandomSampler, type Sampler, SequentialSampler } from './sampler';
