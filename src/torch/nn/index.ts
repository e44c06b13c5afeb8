export * as functional from './functional';
export * as init from './init';
export { Module, type StateDict } from './module';
export { Conv2d, type Conv2dOptions } from './modules/conv';
export { Linear, type LinearOptions } from './modules/linear';
export { CrossEntropyLoss } from './modules/loss';
export { Parameter } from './parameter';
