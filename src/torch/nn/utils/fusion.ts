import { type Args, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { onesLike, rsqrt, zerosLike } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { BatchNormNd } from '../modules/batch-norm';
import type { ConvBase } from '../modules/conv-base';
import type { Linear } from '../modules/linear';
import { Parameter } from '../parameter';

const refuse = (message: string) => new TorchError(message, 'AssertionError');

interface Statistics {
  bnRm: Tensor;
  bnRv: Tensor;
  bnEps: number;
}
interface ConvWeights extends Statistics {
  convW: Tensor;
  convB: Tensor | null;
  bnW: Tensor | null;
  bnB: Tensor | null;
}
interface LinearWeights extends Statistics {
  linearW: Tensor;
  linearB: Tensor | null;
  bnW: Tensor;
  bnB: Tensor;
}

/** The statistics of a normalisation that does not learn any more. */
function statistics(layer: { training: boolean }, bn: BatchNormNd): Statistics {
  if (layer.training || bn.training) throw refuse('Fusion only for eval!');
  const { runningMean: bnRm, runningVar: bnRv, eps: bnEps } = bn;
  if (!bnRm || !bnRv) throw refuse('bn.running_mean and bn.running_var must not be None');
  return { bnRm, bnRv, bnEps };
}

/**
 * A convolution that computes what a convolution and the batch normalisation behind it do in `eval`
 * (`torch.nn.utils.fuse_conv_bn_eval`). Throws TorchError where one of both is in training mode.
 */
export function fuseConvBnEval<C extends ConvBase>(
  ...args: Args<'fuse_conv_bn_eval', { conv: C; bn: BatchNormNd }, { transpose?: boolean }>
): C {
  const { conv, bn, transpose } = bind<{ conv: C; bn: BatchNormNd; transpose: boolean }>(
    'fuse_conv_bn_eval',
    args,
  );
  const given = statistics(conv, bn);
  const fused = conv.deepcopy();
  const [weight, bias] = fuseConvBnWeights({
    ...given,
    convW: fused.weight,
    convB: fused.bias,
    bnW: bn.weight,
    bnB: bn.bias,
    transpose,
  });
  fused.weight = weight;
  fused.bias = bias;
  return fused;
}

/** The weights of {@link fuseConvBnEval}. */
export function fuseConvBnWeights(
  ...args: Args<'fuse_conv_bn_weights', ConvWeights, { transpose?: boolean }>
): [weight: Parameter, bias: Parameter] {
  const given = bind<ConvWeights & { transpose: boolean }>('fuse_conv_bn_weights', args);
  const { convW, bnRm, transpose } = given;
  const convB = given.convB ?? zerosLike(bnRm);
  const bnW = given.bnW ?? onesLike(bnRm);
  const bnB = given.bnB ?? zerosLike(bnRm);
  const scale = rsqrt(given.bnRv.add(given.bnEps));
  const others = new Array(convW.ndim - 2).fill(1);
  const shape = transpose ? [1, -1, ...others] : [-1, 1, ...others];
  const weight = convW.mul(bnW.mul(scale).reshape(shape)).to(convW.dtype);
  const bias = convB
    .sub(bnRm)
    .mul(scale)
    .mul(bnW)
    .add(bnB)
    .to((given.convB ?? convW).dtype);
  return [new Parameter(weight, convW.requiresGrad), new Parameter(bias, convB.requiresGrad)];
}

/**
 * A linear layer that computes what a linear layer and the batch normalisation behind it do in `eval`
 * (`torch.nn.utils.fuse_linear_bn_eval`). Throws TorchError where one of both is in training mode or their sizes differ.
 */
export function fuseLinearBnEval<L extends Linear>(
  ...args: Args<'fuse_linear_bn_eval', { linear: L; bn: BatchNormNd }>
): L {
  const { linear, bn } = bind<{ linear: L; bn: BatchNormNd }>('fuse_linear_bn_eval', args);
  if (linear.training || bn.training) throw refuse('Fusion only for eval!');
  const [features, normalized] = [linear.outFeatures, bn.numFeatures];
  if (features !== normalized && normalized !== 1) {
    throw refuse(
      `To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got linear.out_features=${features} and bn.num_features=${normalized}`,
    );
  }
  const given = statistics(linear, bn);
  const fused = linear.deepcopy();
  const [weight, bias] = fuseLinearBnWeights({
    ...given,
    linearW: fused.weight,
    linearB: fused.bias,
    bnW: bn.weight!,
    bnB: bn.bias!,
  });
  fused.weight = weight;
  fused.bias = bias;
  return fused;
}

/** The weights of {@link fuseLinearBnEval}. */
export function fuseLinearBnWeights(
  ...args: Args<'fuse_linear_bn_weights', LinearWeights>
): [weight: Parameter, bias: Parameter] {
  const given = bind<LinearWeights>('fuse_linear_bn_weights', args);
  const { linearW, bnRm } = given;
  const linearB = given.linearB ?? zerosLike(bnRm);
  const scale = given.bnW.mul(rsqrt(given.bnRv.add(given.bnEps)));
  const weight = linearW.mul(scale.unsqueeze(-1).to(linearW.dtype));
  const bias = linearB
    .sub(bnRm)
    .mul(scale)
    .add(given.bnB)
    .to((given.linearB ?? linearW).dtype);
  return [new Parameter(weight, linearW.requiresGrad), new Parameter(bias, linearB.requiresGrad)];
}
