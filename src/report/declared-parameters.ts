import ts from 'typescript-6';
import { joined, type Notebook } from './notebook';

/** A value that a parameter can have. */
export type Value = string | number | boolean;
export type Values = Record<string, Value>;

/**
 * The parameters that a notebook declares by `parameters({ … })`, with their defaults, read without
 * running it; undefined if it declares none. `'unread'` if the defaults are not literals: they are
 * then known only when it runs.
 */
export function declaredParameters(notebook: Notebook): Values | 'unread' | undefined {
  for (const cell of notebook.cells) {
    const source = joined(cell.source);
    if (cell.cell_type !== 'code' || !/\bparameters\s*\(/.test(source)) continue;
    const call = callIn(ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, true));
    if (call) return valuesIn(call.arguments[0]) ?? 'unread';
  }
  return undefined;
}

const callIn = (node: ts.Node): ts.CallExpression | undefined => {
  const { CallExpression, Identifier } = ts.SyntaxKind;
  const isCall = node.kind === CallExpression;
  const callee = isCall ? (node as ts.CallExpression).expression : undefined;
  if (callee?.kind === Identifier && (callee as ts.Identifier).text === 'parameters') {
    return node as ts.CallExpression;
  }
  return ts.forEachChild(node, callIn);
};

const valuesIn = (node: ts.Expression | undefined): Values | undefined => {
  if (!node || !ts.isObjectLiteralExpression(node)) return undefined;
  const values: Values = {};
  for (const property of node.properties) {
    const { name } = property;
    if (!ts.isPropertyAssignment(property) || !name) return undefined;
    if (!ts.isIdentifier(name) && !ts.isStringLiteral(name)) return undefined;
    const value = literal(property.initializer);
    if (value === undefined) return undefined;
    values[name.text] = value;
  }
  return values;
};

const literal = (node: ts.Expression): Value | undefined => {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node))
    return literal(node.expression);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = literal(node.operand);
    return typeof value === 'number' ? -value : undefined;
  }
  return undefined;
};
