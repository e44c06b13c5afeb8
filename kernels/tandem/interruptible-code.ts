import ts from 'typescript-6';
import { cellNames } from './cell-names';

export const call = (name: string, ...values: ts.Expression[]): ts.CallExpression =>
  ts.factory.createCallExpression(ts.factory.createIdentifier(name), undefined, values);

const { factory } = ts;

/** A loop's body that begins with `heed()`. */
function heeding(body: ts.Statement): ts.Block {
  const statements = ts.isBlock(body) ? body.statements : [body];
  const heed = factory.createExpressionStatement(call(cellNames.heed));
  return factory.createBlock([heed, ...statements]);
}

/**
 * Code that an interrupt ends: `await x` becomes `await interruptible(x)`, each turn of a loop begins with
 * `heed()`. And `import(x)` becomes a call, since code that is not a module of Node's own may not import.
 * Gives the node itself where there is nothing to change.
 */
export function interruptibleNode(node: ts.Node): ts.Node {
  if (ts.isAwaitExpression(node)) {
    return factory.updateAwaitExpression(node, call(cellNames.interruptible, node.expression));
  }
  if (ts.isForStatement(node)) {
    const { initializer, condition, incrementor, statement } = node;
    const body = heeding(statement);
    return factory.updateForStatement(node, initializer, condition, incrementor, body);
  }
  if (ts.isForOfStatement(node)) {
    const { awaitModifier, initializer, expression, statement } = node;
    const body = heeding(statement);
    const from = awaitModifier ? call(cellNames.iterate, expression) : expression;
    return factory.updateForOfStatement(node, awaitModifier, initializer, from, body);
  }
  if (ts.isForInStatement(node)) {
    const { initializer, expression, statement } = node;
    return factory.updateForInStatement(node, initializer, expression, heeding(statement));
  }
  if (ts.isWhileStatement(node)) {
    return factory.updateWhileStatement(node, node.expression, heeding(node.statement));
  }
  if (ts.isDoStatement(node)) {
    return factory.updateDoStatement(node, heeding(node.statement), node.expression);
  }
  return node;
}

export const isImportCall = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
