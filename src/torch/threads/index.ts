export { type FromShared, fromShared, type Shared, type SharedTensor, share } from './share';
export { WorkerPool, type WorkerPoolOptions } from './worker-pool';
