import { TorchError } from './errors';
import { ellipsis, type Index, Slice } from './types';

const words: Readonly<Record<string, Index>> = {
  '...': ellipsis,
  None: null,
  True: true,
  False: false,
};

const whole = /^-?\d+$/;
const range = /^(-?\d+)?:(-?\d+)?(?::(-?\d+)?)?$/;

function parsePart(part: string): Index {
  if (part in words) return words[part]!;
  if (whole.test(part)) return Number(part);
  const match = range.exec(part.replaceAll(' ', ''));
  if (!match) {
    throw new TorchError(
      `'${part}' is not an index: write whole numbers, slices such as 1:3, ..., None, True or False, with commas between`,
      'IndexError',
      'index',
    );
  }
  const [start = null, stop = null, step = null] = match
    .slice(1)
    .map((bound) => (bound === undefined ? null : Number(bound)));
  return new Slice(start, stop, step);
}

/** What Python reads between brackets: `'1:3, ..., None'`. */
export function parseIndices(text: string): Index[] {
  const parts = text.split(',').map((part) => part.trim());
  // A comma may follow the last index.
  if (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts.map(parsePart);
}
