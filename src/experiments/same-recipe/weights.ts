import type { LayersModel, layers as tfLayers } from '@tensorflow/tfjs-node';
import * as torch from 'tandem-torch';
import { UserError } from '../../command/errors';
import { type Tensor as TfTensor, tf } from '../../tensorflow';

const { nn } = torch;

type TfLayer = tfLayers.Layer;

/** Converts one weight of a layer between the frameworks' layouts. */
interface Layout {
  /** The PyTorch module's tensor. */
  readonly tensor: torch.Tensor;
  readonly toTensorFlow: (tensor: torch.Tensor) => torch.Tensor;
  readonly toPyTorch: (tensor: torch.Tensor) => torch.Tensor;
}

const same = (tensor: torch.Tensor): torch.Tensor => tensor;

const asIs = (tensor: torch.Tensor): Layout => ({ tensor, toTensorFlow: same, toPyTorch: same });

function permuted(tensor: torch.Tensor, order: readonly number[]): Layout {
  const back = order.map((_, dim) => order.indexOf(dim));
  return {
    tensor,
    toTensorFlow: (x) => x.permute([...order]),
    toPyTorch: (x) => x.permute(back),
  };
}

/**
 * A dense kernel, `[out, in]` in PyTorch and `[in, out]` in TensorFlow. After flattened feature maps
 * its inputs are also in a different order: channels first in PyTorch, last in TensorFlow.
 */
function dense(tensor: torch.Tensor, maps: readonly number[] | undefined): Layout {
  if (!maps) return permuted(tensor, [1, 0]);
  const [out, inputs] = tensor.shape as [number, number];
  const channels = maps.at(-1)!;
  const space = maps.slice(0, -1);
  const last = space.length + 1;
  // [out, C, …space] to [...space, C, out] and back.
  const order = [...space.map((_, i) => i + 2), 1, 0];
  const back = [last, last - 1, ...space.map((_, i) => i)];
  return {
    tensor,
    toTensorFlow: (x) =>
      x
        .view([out, channels, ...space])
        .permute(order)
        .reshape([inputs, out]),
    toPyTorch: (x) =>
      x
        .view([...space, channels, out])
        .permute(back)
        .reshape([out, inputs]),
  };
}

/** The layouts of a module's weights in the order of the Keras layer's; undefined if the two don't match. */
function layoutsOf(
  module: torch.nn.Module,
  layer: TfLayer,
  maps: readonly number[] | undefined,
): Layout[] | undefined {
  const name = layer.getClassName();
  const bias = (tensor: torch.Tensor | null) => (tensor ? [asIs(tensor)] : []);
  if (module instanceof nn.Linear && name === 'Dense') {
    return [dense(module.weight, maps), ...bias(module.bias)];
  }
  if (module instanceof nn.Conv1d && name === 'Conv1D') {
    return [permuted(module.weight, [2, 1, 0]), ...bias(module.bias)];
  }
  if (module instanceof nn.Conv2d && name === 'Conv2D') {
    return [permuted(module.weight, [2, 3, 1, 0]), ...bias(module.bias)];
  }
  if (module instanceof nn.ConvTranspose2d && name === 'Conv2DTranspose') {
    return [permuted(module.weight, [2, 3, 1, 0]), ...bias(module.bias)];
  }
  if (module instanceof nn.Conv3d && name === 'Conv3D') {
    return [permuted(module.weight, [2, 3, 4, 1, 0]), ...bias(module.bias)];
  }
  if (module instanceof nn.Embedding && name === 'Embedding') return [asIs(module.weight)];
  const affine = (norm: { weight: torch.Tensor | null; bias: torch.Tensor | null }) =>
    [norm.weight, norm.bias].flatMap(bias);
  if (module instanceof nn.LayerNorm && name === 'LayerNormalization') return affine(module);
  const { BatchNorm1d, BatchNorm2d, BatchNorm3d } = nn;
  if (
    (module instanceof BatchNorm1d ||
      module instanceof BatchNorm2d ||
      module instanceof BatchNorm3d) &&
    name === 'BatchNormalization'
  ) {
    return [...affine(module), ...[module.runningMean, module.runningVar].flatMap(bias)];
  }
  return undefined;
}

const hasWeights = (module: torch.nn.Module): boolean => !module.ownParameters().next().done;

/** A Keras layer's weights and their layouts. */
interface Match {
  readonly layer: TfLayer;
  readonly layouts: readonly Layout[];
}

/** Pairs the layers that have weights, in their order. Throws UserError at the first mismatch. */
function matches(module: torch.nn.Module, model: LayersModel): Match[] {
  const modules = [...module.namedModules()].filter(([, inner]) => hasWeights(inner));
  const found: Match[] = [];
  let maps: readonly number[] | undefined;
  for (const layer of model.layers) {
    if (layer.getClassName() === 'Flatten') {
      const [, ...shape] = Array.isArray(layer.input) ? [] : layer.input.shape;
      maps = shape.length > 1 ? (shape as number[]) : undefined;
    }
    if (layer.weights.length === 0) continue;
    const [name, inner] = modules[found.length] ?? [];
    const layouts = inner && layoutsOf(inner, layer, maps);
    if (!layouts) {
      const other = inner ? `PyTorch's ${name} (${inner.constructor.name})` : 'nothing in PyTorch';
      throw new UserError(
        `TensorFlow's ${layer.name} (${layer.getClassName()}) is paired with ${other}: both models must have the same layers with weights, in one order.`,
      );
    }
    const weights = layer.getWeights();
    layouts.forEach((layout, i) => {
      const ours = torch.tidy(() => layout.toTensorFlow(layout.tensor).shape);
      if (String(ours) === String(weights[i]?.shape)) return;
      throw new UserError(
        `The weights of ${name} are [${ours}] in PyTorch, converted to TensorFlow's layout, and [${weights[i]?.shape}] in TensorFlow's ${layer.name}.`,
      );
    });
    found.push({ layer, layouts });
    if (layer.getClassName() === 'Dense') maps = undefined;
  }
  if (found.length < modules.length) {
    throw new UserError(
      `PyTorch's ${modules[found.length]![0]} has no counterpart among TensorFlow's layers.`,
    );
  }
  return found;
}

/** A TensorFlow tensor's numbers, float32, as a PyTorch tensor of the same shape. */
export const fromTensorFlow = (tensor: TfTensor): torch.Tensor =>
  torch.tensor(tensor.dataSync() as Float32Array, { shape: tensor.shape });

/**
 * Writes a PyTorch module's weights and running statistics into a Keras model of the same layers, the
 * layouts converted: `[out, in, h, w]` to `[h, w, in, out]`, and the order of flattened feature maps
 * before a dense layer. Throws UserError if the layers don't match.
 */
export function copyToTensorFlow(module: torch.nn.Module, model: LayersModel): void {
  for (const { layer, layouts } of matches(module, model)) {
    const weights = torch.tidy(() =>
      layouts.map(({ tensor, toTensorFlow }) => {
        const converted = toTensorFlow(tensor.detach()).contiguous();
        return tf.tensor(converted.toTypedArray() as Float32Array, converted.shape as number[]);
      }),
    );
    layer.setWeights(weights);
    tf.dispose(weights);
  }
}

/**
 * TensorFlow's tensors for the weights of a module (values or gradients), in PyTorch's layout: for
 * each of the module's tensors that `of` returns one for.
 */
export function inPyTorchLayout(
  model: LayersModel,
  module: torch.nn.Module,
  of: (layer: TfLayer) => readonly (TfTensor | undefined)[] = (layer) => layer.getWeights(),
): Map<torch.Tensor, torch.Tensor> {
  const converted = new Map<torch.Tensor, torch.Tensor>();
  for (const { layer, layouts } of matches(module, model)) {
    const tensors = of(layer);
    layouts.forEach(({ tensor, toPyTorch }, i) => {
      const source = tensors[i];
      if (!source) return;
      const values = torch.tidy(() => toPyTorch(fromTensorFlow(source)).contiguous());
      converted.set(tensor, values);
    });
  }
  return converted;
}

/** Writes a Keras model's weights into a PyTorch module of the same layers: see {@link copyToTensorFlow}. */
export function copyToPyTorch(model: LayersModel, module: torch.nn.Module): void {
  torch.tidy(() =>
    torch.noGrad(() => {
      for (const [target, source] of inPyTorchLayout(model, module)) target.copy_(source);
    }),
  );
}
