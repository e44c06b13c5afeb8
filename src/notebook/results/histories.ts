import type { History as KerasHistory } from '@tensorflow/tfjs-node';
import { lossCurves, names } from '../../plots';
import type { History } from '../../training';
import { figureBundle } from '../figure-bundle';
import type { MimeBundle } from '../mime';
import { htmlTable, type Row, textTable } from './html';

export const isHistory = (value: object): value is History =>
  'framework' in value && 'recipe' in value && Array.isArray((value as History).batchLoss);

/** What `model.fit` of TensorFlow resolves to. */
export const isKerasHistory = (value: object): value is KerasHistory =>
  Array.isArray((value as KerasHistory).epoch) &&
  typeof (value as KerasHistory).history === 'object' &&
  'params' in value;

const fixed = (value: unknown) => (typeof value === 'number' ? value.toFixed(4) : '');

/** A run: its loss curves if they can be drawn, else a line for each epoch. */
export function historyBundle(history: History): MimeBundle {
  const { loss, accuracy, valLoss, valAccuracy, seconds, test } = history;
  const head = ['epoch', 'loss', 'accuracy', 'val. loss', 'val. accuracy', 'seconds'];
  const rows = loss.map((value, i): Row => {
    const columns = [value, accuracy[i], valLoss[i], valAccuracy[i]].map(fixed);
    return [String(i + 1), ...columns, (seconds[i] ?? 0).toFixed(1)];
  });
  const tested = test
    ? `\ntest loss ${fixed(test.loss)}, test accuracy ${fixed(test.accuracy)}`
    : '';
  const caption = `${names[history.framework]}, seed ${history.seed}`;
  const text = `${caption}\n${textTable(head, rows)}${tested}`;
  const figure = loss.length > 0 ? figureBundle(lossCurves([history])) : {};
  return {
    ...figure,
    'text/html': htmlTable(head, rows, { caption: caption + tested.replace('\n', ': ') }),
    'text/plain': text,
  };
}

export function kerasHistoryBundle({ epoch, history }: KerasHistory): MimeBundle {
  const columns = Object.keys(history);
  const head = ['epoch', ...columns];
  const rows = epoch.map(
    (number, i): Row => [String(number + 1), ...columns.map((name) => fixed(history[name]![i]))],
  );
  return { 'text/html': htmlTable(head, rows), 'text/plain': textTable(head, rows) };
}
