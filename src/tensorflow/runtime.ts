import type * as Tfjs from '@tensorflow/tfjs-node';
import './legacy-util';
import { blockSignals, withoutNotice } from './start-up';

// From now on, too, only errors should reach a notebook.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

// TensorFlow's threads inherit it.
blockSignals();

/** TensorFlow.js on the native TensorFlow: all that `@tensorflow/tfjs-node` exports. */
export const tf: typeof Tfjs = withoutNotice(() => require('@tensorflow/tfjs-node'));
