/** Function transforms (`torch.func`), on libtorch's own stack of interpreters. */
import './custom-function';

export { functionalCall, stackModuleState } from './functional-call';
export { hessian, jacfwd, jacrev } from './jacobian';
export { jvp } from './jvp';
export { grad, gradAndValue, vjp } from './vjp';
export { type Dims, type VmapOptions, vmap } from './vmap';
