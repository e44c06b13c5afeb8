import type { Tensor, TensorInfo } from '@tensorflow/tfjs-node';
import { tf } from './runtime';

interface Attribute {
  readonly name: string;
  readonly type: number | undefined;
  readonly value: unknown;
}

/** The part of tfjs-node's backend that runs any TensorFlow operator by its name. */
export interface NativeBackend {
  executeSingleOutput(name: string, attributes: Attribute[], inputs: TensorInfo[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: Attribute[],
    inputs: TensorInfo[],
    outputs: number,
  ): Tensor[];
  /** TensorFlow's constants, such as `TF_FLOAT`. */
  readonly binding: Readonly<Record<string, number>>;
}

/** The native TensorFlow behind tfjs. */
export const native = (): NativeBackend => tf.backend() as unknown as NativeBackend;
