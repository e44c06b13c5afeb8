/** `torch.nn.parallel`: modules that train in several processes. */
export {
  DistributedDataParallel,
  type DistributedDataParallelOptions,
  type JoinOptions,
} from './distributed-data-parallel';
