import { lossesAlike, type Which } from './causes';
import type { Match } from './match';
import { optimizerOf } from './optimizer';
import type { Side } from './side';
import type { Start } from './weights';

/** Whether Keras gives an optimizer that squares gradients those of an embedding's rows one by one. */
export const squaresEachOccurrence = (
  sides: Record<Which, Side>,
  which: Which,
  pairs: Match['pairs'],
): boolean =>
  sides[which].framework === 'keras' &&
  sides[which === 'left' ? 'right' : 'left'].framework === 'torch' &&
  pairs.some(({ left }) => left.kind === 'embedding') &&
  (optimizerOf(sides[which])?.kind ?? 'sgd') !== 'sgd';

/** The layers, or weights of no layer, that have weights and take no part in the model's or the loss' calls. */
function unusedLayers({ description, calls, lossCalls }: Side): string[] {
  const used = new Set([...calls, ...lossCalls].flatMap(({ weights }) => weights));
  const layerOf = (name: string) => name.replace(/[./][^./]+$/, '');
  const busy = new Set([...used].map(layerOf));
  const idle = description.weights
    .filter(({ name, trainable }) => trainable && !used.has(name) && !busy.has(layerOf(name)))
    .map(({ name }) => layerOf(name));
  return [...new Set(idle)];
}

/** Notes on a comparison besides its causes, in sentences. */
export function notesOf(
  sides: Record<Which, Side>,
  match: Match,
  frozen: Start['frozen'],
): string[] {
  const notes: string[] = [];
  if (frozen.left.length + frozen.right.length > 0) {
    notes.push(
      'PyTorch’s recurrent layers have two biases where Keras has one. Here the second is held at zero: free, both are trained, and the sum moves twice as fast.',
    );
  }
  for (const side of [sides.left, sides.right]) {
    const unused = unusedLayers(side);
    if (unused.length > 0) {
      const [are, them] = unused.length > 1 ? ['layers', 'them'] : ['a layer', 'it'];
      notes.push(
        `${side.program.name} declares ${are} that no call uses, so that training leaves ${them} as drawn: ${unused.join(', ')}.`,
      );
    }
  }
  const alike = lossesAlike(sides);
  if (alike) notes.push(alike);
  const mixed = sides.left.framework !== sides.right.framework;
  const optimizer = optimizerOf(sides.left);
  if (mixed && optimizer && ['adam', 'adamax', 'nadam'].includes(optimizer.kind)) {
    notes.push(
      'Keras adds Adam’s epsilon before the bias correction, PyTorch after it: in the first step Keras’ counts 32 times as much. No setting changes that; the causes are measured with one formula for both.',
    );
  }
  if (
    (['left', 'right'] as const).some((which) => squaresEachOccurrence(sides, which, match.pairs))
  ) {
    notes.push(
      'Where a word stands more than once in a batch, Keras’ optimizers square the gradient of each occurrence, PyTorch’s the sum. No setting changes that; the causes are measured with the sum for both.',
    );
  }
  if (match.pairs.some(({ left }) => left.kind === 'dropout')) {
    notes.push('Each framework draws its own dropout masks. Here both get the same.');
  }
  return notes;
}
