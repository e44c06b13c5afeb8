import { inspect } from 'node:util';
import type { Tensor as TensorFlowTensor } from '@tensorflow/tfjs-node';
import type { Tensor } from 'tandem-torch';
import { escapeHtml } from '../../plots/escape';
import type { MimeBundle } from '../mime';

import { imageHtml } from './images';

/** Elements up to which a tensor may be shown as images. */
const mostElements = 4_000_000;

export const isTorchTensor = (value: object): value is Tensor =>
  'handle' in value && 'requiresGrad' in value && 'gradFn' in value;

export const isTensorFlowTensor = (value: object): value is TensorFlowTensor =>
  'dataId' in value && typeof (value as TensorFlowTensor).dataSync === 'function';

const heading = (parts: readonly string[]) =>
  `<div><small>${parts.map(escapeHtml).join(' · ')}</small></div>`;

const shapeOf = (shape: readonly number[]) => `[${shape.join(', ')}]`;

const printed = (text: string) => `<pre style="margin:0.4em 0">${escapeHtml(text)}</pre>`;

/** A PyTorch tensor: as PyTorch prints it, with its shape and dtype above, and as images if it has an image's shape. */
export function torchTensorBundle(tensor: Tensor): MimeBundle {
  const { shape, dtype } = tensor;
  const text = inspect(tensor);
  const facts = ['torch.Tensor', shapeOf(shape), dtype];
  if (tensor.requiresGrad) facts.push('requiresGrad');
  const small = tensor.numel() <= mostElements && tensor.layout === 'strided';
  const values = () => Array.prototype.map.call(tensor.toTypedArray(), Number) as number[];
  const images =
    small && !dtype.startsWith('complex') && imageHtml({ shape, channels: 'first', dtype, values });
  const body = images || printed(text);
  return { 'text/html': heading(facts) + body, 'text/plain': text };
}

/** A TensorFlow tensor, in the same way. */
export function tensorFlowTensorBundle(tensor: TensorFlowTensor): MimeBundle {
  const { shape, dtype } = tensor;
  const facts = ['tf.Tensor', shapeOf(shape), dtype];
  if (tensor.isDisposed) return { 'text/plain': `${facts.join(' ')} (disposed)` };
  const text = tensor.toString();
  const values = () => tensor.dataSync() as Float32Array;
  const numeric = dtype !== 'string' && dtype !== 'complex64' && tensor.size <= mostElements;
  // TensorFlow.js has no bytes: images are int32.
  const bytes = dtype === 'int32' && numeric && shape.length > 2 ? 'uint8' : dtype;
  const images = numeric && imageHtml({ shape, channels: 'last', dtype: bytes, values });
  return {
    'text/html': heading(facts) + (images || printed(text)),
    'text/plain': `${text}\n${facts.slice(1).join(' ')}`,
  };
}
