import * as ts from '@tslab/typescript-for-tslab';

interface Insertion {
  /** From 1. */
  readonly line: number;
  /** From 1, in the source as written. */
  readonly column: number;
  readonly text: string;
}

/**
 * A cell in which `{ seed }` is written as `{ seed: seed }`: tslab refers to the variables of earlier
 * cells by rewriting identifiers, and misses those that are a property's name as well.
 */
export class ExpandedSource {
  readonly text: string;
  readonly #insertions: Insertion[] = [];

  constructor(readonly source: string) {
    const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest, true);
    const offsets: number[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isShorthandPropertyAssignment(node)) {
        const offset = node.name.getStart();
        const { line, character } = file.getLineAndCharacterOfPosition(offset);
        offsets.push(offset);
        this.#insertions.push({
          line: line + 1,
          column: character + 1,
          text: `${node.name.text}: `,
        });
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    this.text = offsets.reduceRight(
      (text, offset, i) => text.slice(0, offset) + this.#insertions[i]!.text + text.slice(offset),
      source,
    );
  }

  /** The column, in the source as written, of a place in the expanded text. */
  column(line: number, column: number): number {
    let original = column;
    for (const insertion of this.#insertions) {
      if (insertion.line !== line || original <= insertion.column) continue;
      original = Math.max(insertion.column, original - insertion.text.length);
    }
    return original;
  }
}
