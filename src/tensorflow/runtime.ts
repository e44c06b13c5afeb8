import util from 'node:util';
import type * as Tfjs from '@tensorflow/tfjs-node';

// The native library logs its start-up to stderr; only errors should reach a notebook.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';

// Gone in Node 23, but still called by tfjs-node 4.22.
const legacy = util as unknown as Record<string, unknown>;
legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
legacy.isArray ??= Array.isArray;

/** TensorFlow.js on the native TensorFlow: all that `@tensorflow/tfjs-node` exports. */
export const tf: typeof Tfjs = require('@tensorflow/tfjs-node');
