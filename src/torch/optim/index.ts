export { Optimizer, type ParameterGroup } from './optimizer';
export { SGD, type SGDOptions } from './sgd';
