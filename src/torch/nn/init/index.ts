/** `torch.nn.init`: fills parameters in place, drawing as Python draws. */
export {
  constant_,
  dirac_,
  eye_,
  normal_,
  ones_,
  type RandomOptions,
  uniform_,
  zeros_,
} from './fill';
export {
  calculateGain,
  fans,
  type KaimingOptions,
  kaimingNormal_,
  kaimingUniform_,
  type Nonlinearity,
  type XavierOptions,
  xavierNormal_,
  xavierUniform_,
} from './gains';
export { orthogonal_, sparse_ } from './matrices';
export { truncNormal_ } from './truncated-normal';
