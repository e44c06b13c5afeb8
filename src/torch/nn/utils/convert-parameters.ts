import { cat } from '../../generated/functions';
import type { Tensor } from '../../tensor';

/** All elements one after the other (`torch.nn.utils.parameters_to_vector`). */
export const parametersToVector = (parameters: Iterable<Tensor>): Tensor =>
  cat(Array.from(parameters, (parameter) => parameter.view(-1)));

/**
 * Makes parameters views of a vector's parts, in their order (`torch.nn.utils.vector_to_parameters`).
 * Throws TorchError if the vector is too short.
 */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  let start = 0;
  for (const parameter of parameters) {
    const length = parameter.numel();
    parameter.data = vector.narrow(0, start, length).viewAs(parameter).data;
    start += length;
  }
}
