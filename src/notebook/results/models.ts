import { inspect } from 'node:util';
import type { LayersModel } from '@tensorflow/tfjs-node';
import type { nn } from 'tandem-torch';
import type { MimeBundle } from '../mime';
import { htmlTable, type Row, textTable } from './html';

type Module = nn.Module;

export const isModule = (value: object): value is Module =>
  typeof (value as Module).namedModules === 'function' &&
  typeof (value as Module).namedParameters === 'function';

export const isLayersModel = (value: object): value is LayersModel =>
  Array.isArray((value as LayersModel).layers) &&
  typeof (value as LayersModel).countParams === 'function';

const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

function sums(trainable: number, fixed: number): string {
  const text = `${trainable.toLocaleString('en')} trainable parameters`;
  return fixed > 0 ? `${text}, ${fixed.toLocaleString('en')} others` : text;
}

/** The output shape by a layer's settings; `*` is any number of dimensions. */
function outputOf(module: Module): string {
  const { outFeatures, outChannels, hiddenSize, embeddingDim } = module as unknown as Partial<
    Record<'outFeatures' | 'outChannels' | 'hiddenSize' | 'embeddingDim', number>
  >;
  const spatial = /(?:Conv|ConvTranspose)(\d)d$/.exec(module.constructor.name)?.[1];
  if (outChannels !== undefined && spatial) {
    const sizes = ['D′', 'H′', 'W′'].slice(3 - Number(spatial));
    return `[N, ${[outChannels, ...sizes].join(', ')}]`;
  }
  const last = outFeatures ?? embeddingDim ?? hiddenSize;
  return last === undefined ? '' : `[*, ${last}]`;
}

/** A PyTorch module: its layers with their output shapes and parameters. */
export function moduleBundle(module: Module): MimeBundle {
  const text = inspect(module);
  const own = (layer: Module) =>
    total(Array.from(layer.ownParameters(), ([, parameter]) => parameter.numel()));
  const rows = [...module.namedModules()]
    .filter(([, layer]) => layer.children().length === 0 || own(layer) > 0)
    .map(
      ([name, layer]): Row => [name, inspect(layer).split('\n')[0]!, outputOf(layer), own(layer)],
    );
  const parameters = module.parameters();
  const count = (trainable: boolean) =>
    total(parameters.filter((p) => p.requiresGrad === trainable).map((p) => p.numel()));
  const caption = `${module.constructor.name}: ${sums(count(true), count(false))}`;
  return {
    'text/html': htmlTable(['name', 'layer', 'output', 'parameters'], rows, { caption }),
    'text/plain': `${text}\n${sums(count(true), count(false))}`,
  };
}

const shapeText = (shape: unknown): string => {
  if (!Array.isArray(shape)) return '';
  if (Array.isArray(shape[0])) return shape.map(shapeText).join(', ');
  return `[${shape.map((size) => size ?? 'N').join(', ')}]`;
};

/** A Keras model: its layers with their output shapes and parameters. */
export function layersModelBundle(model: LayersModel): MimeBundle {
  const head = ['name', 'layer', 'output', 'parameters'];
  const rows = model.layers.map(
    (layer): Row => [
      layer.name,
      layer.getClassName(),
      // It has no output shape until the model is built.
      shapeText(attempt(() => layer.outputShape)),
      attempt(() => layer.countParams()) ?? 'not built',
    ],
  );
  const sizes = (weights: { shape: (number | null)[] }[]) =>
    total(weights.map(({ shape }) => shape.reduce<number>((a, b) => a * (b ?? 1), 1)));
  const learnt = sizes(model.trainableWeights);
  const facts = `${model.name}: ${sums(learnt, sizes(model.weights.map((w) => w as never)) - learnt)}`;
  return {
    'text/html': htmlTable(head, rows, { caption: facts }),
    'text/plain': `${facts}\n${textTable(head, rows)}`,
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
