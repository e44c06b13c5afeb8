/** Products with weights. */
export { bilinear } from '../../generated/functions';
export { linear } from '../../generated/nn';
