export { type Collated, defaultCollate, defaultConvert } from './collate';
export { ChainDataset, ConcatDataset, StackDataset, Subset } from './combined';
export { DataLoader, type DataLoaderOptions, type DataSource } from './data-loader';
export { type AsyncDataset, Dataset, IterableDataset, TensorDataset } from './dataset';
export * as distributed from './distributed';
export { DistributedSampler, type DistributedSamplerOptions } from './distributed';
export { randomSplit } from './random-split';
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from './sampler';
