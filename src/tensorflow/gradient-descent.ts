import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-node';
import { native } from './native';
import { tf } from './runtime';

/** The name that makes TensorFlow create an anonymous variable, freed with its last handle. */
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** Creates a native variable that shares the memory of a tfjs variable. */
function nativeVariable(variable: Variable): Tensor {
  const { binding } = native();
  const type = { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const handle = native().executeSingleOutput(
    'VarHandleOp',
    [
      type,
      { name: 'shape', type: binding.TF_ATTR_SHAPE, value: variable.shape },
      { name: 'container', type: binding.TF_ATTR_STRING, value: '' },
      { name: 'shared_name', type: binding.TF_ATTR_STRING, value: anonymous },
    ],
    [],
  );
  native().executeMultipleOutputs('AssignVariableOp', [type], [handle, variable], 0);
  return tf.keep(handle);
}

/**
 * Stochastic gradient descent without momentum (`keras.optimizers.SGD`), in float32. Each weight is
 * updated in place by TensorFlow's own operator, in one pass over its memory, where `tf.train.sgd`
 * allocates two arrays of its size. The results are the same.
 */
export class GradientDescent extends tf.Optimizer {
  static readonly className = 'GradientDescent';
  readonly #rate: Tensor;
  readonly #handles = new Map<Variable, { handle: Tensor; data: object }>();

  constructor(readonly learningRate: number) {
    super();
    this.#rate = tf.keep(tf.scalar(learningRate));
  }

  override applyGradients(gradients: NamedTensorMap | { name: string; tensor: Tensor }[]): void {
    const named = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor] as const)
      : Object.entries(gradients);
    for (const [name, gradient] of named) {
      const variable = tf.engine().registeredVariables[name];
      if (variable && gradient) this.#update(variable, gradient);
    }
    this.incrementIterations();
  }

  #update(variable: Variable, gradient: Tensor): void {
    tf.util.assertShapesMatch(variable.shape, gradient.shape, `The gradient of ${variable.name}: `);
    const { binding } = native();
    const handle = this.#handleOf(variable);
    // `variable.assign` in two halves: TensorFlow updates memory in place if nothing else refers to it.
    tf.engine().disposeTensor(variable);
    native().executeMultipleOutputs(
      'ResourceApplyGradientDescent',
      [
        { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        { name: 'use_locking', type: binding.TF_ATTR_BOOL, value: false },
      ],
      [handle, this.#rate, gradient],
      0,
    );
    const type = { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    const updated = native().executeSingleOutput('ReadVariableOp', [type], [handle]);
    variable.dataId = updated.dataId;
    tf.engine().incRef(variable, null as never);
    updated.dispose();
    this.#handles.set(variable, { handle, data: variable.dataId });
  }

  /** The variable's native twin, made again where other code has assigned to the variable. */
  #handleOf(variable: Variable): Tensor {
    const known = this.#handles.get(variable);
    if (known?.data === variable.dataId) return known.handle;
    known?.handle.dispose();
    return nativeVariable(variable);
  }

  override dispose(): void {
    super.dispose();
    this.#rate.dispose();
    for (const { handle } of this.#handles.values()) handle.dispose();
    this.#handles.clear();
  }

  getConfig(): { learningRate: number } {
    return { learningRate: this.learningRate };
  }
}
