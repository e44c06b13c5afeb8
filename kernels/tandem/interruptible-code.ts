import ts from 'typescript-6';
import { cellNames } from './cell-names';

export const call = (name: string, ...values: ts.Expression[]): ts.CallExpression =>
  ts.factory.createCallExpression(ts.factory.createIdentifier(name), undefined, values);

const { factory } = ts;

/** A loop's body that begins with `checkInterrupt()`. */
function withInterruptCheck(body: ts.Statement): ts.Block {
  const statements = ts.isBlock(body) ? body.statements : [body];
  const checkInterrupt = factory.createExpressionStatement(call(cellNames.checkInterrupt));
  return factory.createBlock([checkInterrupt, ...statements]);
}

/**
 * Makes code interruptible: `await x` becomes `await interruptible(x)`, each iteration of a loop begins with
 * `checkInterrupt()`. And `import(x)` becomes a call, since only Node's own modules may import.
 * Returns the node itself if there is nothing to change.
 */
export function interruptibleNode(node: ts.Node): ts.Node {
  if (ts.isAwaitExpression(node)) {
    return factory.updateAwaitExpression(node, call(cellNames.interruptible, node.expression));
  }
  if (ts.isForStatement(node)) {
    const { initializer, condition, incrementor, statement } = node;
    const body = withInterruptCheck(statement);
    return factory.updateForStatement(node, initializer, condition, incrementor, body);
  }
  if (ts.isForOfStatement(node)) {
    const { awaitModifier, initializer, expression, statement } = node;
    const body = withInterruptCheck(statement);
    const from = awaitModifier ? call(cellNames.iterate, expression) : expression;
    return factory.updateForOfStatement(node, awaitModifier, initializer, from, body);
  }
  if (ts.isForInStatement(node)) {
    const { initializer, expression, statement } = node;
    return factory.updateForInStatement(
      node,
      initializer,
      expression,
      withInterruptCheck(statement),
    );
  }
  if (ts.isWhileStatement(node)) {
    return factory.updateWhileStatement(node, node.expression, withInterruptCheck(node.statement));
  }
  if (ts.isDoStatement(node)) {
    return factory.updateDoStatement(node, withInterruptCheck(node.statement), node.expression);
  }
  return node;
}

export const isImportCall = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
