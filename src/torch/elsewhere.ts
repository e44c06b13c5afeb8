/** PyTorch names that are not supported: using one says why, and what to use instead. */
import { notHere } from './absent';

const python = "it compiles Python's code";

export const compile = notHere(
  'torch.compile',
  `${python}; call the model as it is: each operator runs the same kernel`,
);
export const onnx = notHere(
  'torch.onnx',
  `${python}; save the weights by torch.save(net.stateDict(), path), load them into the Python model and export there`,
);
export const hub = notHere(
  'torch.hub',
  "it downloads Python's code; write the model in TypeScript and read its weights by torch.load(path)",
);
export const multiprocessing = notHere(
  'torch.multiprocessing',
  'use threads: torch.WorkerPool, or node:worker_threads with torch.share(tensor) and torch.fromShared(message)',
);
export const quantization = notHere(
  'torch.quantization',
  'load what Python quantised by torch.load, and compute on x.dequantize()',
);
export const ao = quantization;
