export { type Collated, defaultCollate, defaultConvert } from './collate';
export { ChainDataset, ConcatDataset, StackDataset, Subset } from './combined';
export { DataLoader, type DataLoaderOptions, type DataSource } from './data-loader';
export { type AsyncDataset, type Dataset, IterableDataset, TensorDataset } from './dataset';
export { randomSplit } from './random-split';
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  type Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from './sampler';
