import * as ts from '@tslab/typescript-for-tslab';

/**
 * Writes `{ seed }` as `{ seed: seed }`: tslab refers to the variables of earlier cells by rewriting
 * identifiers, and misses those that are a property's name as well.
 */
export function expandShorthand(source: string): string {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest, true);
  const ends: { at: number; name: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) {
      ends.push({ at: node.name.getStart(), name: node.name.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return ends.reduceRight(
    (text, { at, name }) => `${text.slice(0, at)}${name}: ${text.slice(at)}`,
    source,
  );
}
