import type { Comparison } from '../../pairs';
import { comparisonText, difference } from '../../pairs/text';
import type { MimeBundle } from '../mime';
import { htmlTable, type Row } from './html';

export const isComparison = (value: object): value is Comparison =>
  'verdict' in value &&
  Array.isArray((value as Comparison).causes) &&
  Array.isArray((value as Comparison).remaining);

/** Two compared programs: the verdict, and a row for each cause with its fix and its proof. */
export function comparisonBundle(found: Comparison): MimeBundle {
  const rows = found.causes.map(
    ({ name, proven, left, right, fix, before, after }): Row => [
      name,
      left,
      right,
      fix.right,
      proven ? `${difference(before)} → ${difference(after)}` : 'possible',
    ],
  );
  const head = ['cause', 'left', 'right', 'fix on the right', 'difference without and with it'];
  return {
    'text/html': htmlTable(head, rows, { caption: found.text }),
    'text/plain': comparisonText(found),
  };
}
