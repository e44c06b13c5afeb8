import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import ts from 'typescript-6';
import { inProject } from '../../files/paths';
import { type Stack, stacks } from './stacks';

/** The size of a program: lines and concepts. */
export interface Code {
  /** Lines of code, without blank lines and comments. */
  readonly lines: number;
  /** The distinct names of the framework that the program uses, sorted; see `countTypeScript`. */
  readonly concepts: readonly string[];
}

export const programPath = (name: string): string =>
  inProject('src/experiments/choosing/programs', name);

/** The text of a stack's program. */
export const programOf = (stack: Stack): string =>
  readFileSync(programPath(stacks[stack].program), 'utf8');

const frameworks = /^tandem\/(torch|tensorflow)$/;

/** The lines of a source on which a token stands. */
function linesOf(file: ts.SourceFile): number {
  const lines = new Set<number>();
  const look = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    if (node.getChildCount(file) > 0) {
      for (const child of node.getChildren(file)) look(child);
    } else if (node.getWidth(file) > 0) {
      const [start, end] = [node.getStart(file), node.getEnd()];
      const [first, last] = [start, end].map((at) => file.getLineAndCharacterOfPosition(at).line);
      for (let line = first!; line <= last!; line++) lines.add(line);
    }
  };
  look(file);
  return lines.size;
}

/** The leftmost expression of `a.b(c).d`. */
function rootOf(node: ts.Node): ts.Node {
  if (
    ts.isPropertyAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isNewExpression(node)
  )
    return rootOf(node.expression);
  return node;
}

/**
 * Counts a TypeScript program. A concept is a name that a reader has to look up in the framework's
 * documentation: an import, a destructured name, each name after a dot, each option of a call, and each
 * string that is passed to a call, since it names something there. Names after the dot of
 * another import are left out.
 */
export function countTypeScript(source: string): Code {
  const file = ts.createSourceFile('program.ts', source, ts.ScriptTarget.ES2022, true);
  const concepts = new Set<string>();
  const [own, foreign] = [new Set<string>(), new Set<string>()];
  for (const node of file.statements) {
    if (!ts.isImportDeclaration(node)) continue;
    const from = (node.moduleSpecifier as ts.StringLiteral).text;
    const bindings = node.importClause?.namedBindings;
    const names = [
      node.importClause?.name,
      ...(bindings && ts.isNamespaceImport(bindings) ? [bindings.name] : []),
      ...(bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name) : []),
    ];
    for (const name of names) if (name) (frameworks.test(from) ? own : foreign).add(name.text);
  }
  for (const name of own) concepts.add(name);
  const isForeign = (node: ts.Node) => {
    const root = rootOf(node);
    return ts.isIdentifier(root) && foreign.has(root.text);
  };
  const look = (node: ts.Node, given: boolean): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isPropertyAccessExpression(node) && !isForeign(node)) concepts.add(node.name.text);
    if (ts.isQualifiedName(node)) concepts.add(node.right.text);
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
      const root = node.initializer && rootOf(node.initializer);
      if (root && ts.isIdentifier(root) && own.has(root.text)) {
        for (const { name, propertyName } of node.name.elements) {
          concepts.add((propertyName ?? name).getText(file));
        }
      }
    }
    if (given && (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node))) {
      concepts.add(node.name.getText(file));
    }
    if (given && ts.isStringLiteral(node)) concepts.add(node.text);
    // Strings inside a function that is passed to a call are not arguments of that call.
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      ts.forEachChild(node, (child) => look(child, false));
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      look(node.expression, given);
      for (const argument of node.arguments ?? []) look(argument, !isForeign(node));
    } else ts.forEachChild(node, (child) => look(child, given));
  };
  look(file, false);
  return { lines: linesOf(file), concepts: [...concepts].sort() };
}

/** Counts Python programs by the same rule; the paths of their files. */
export async function countPython(paths: readonly string[]): Promise<Code[]> {
  const { stdout } = await promisify(execFile)(inProject('.venv/bin/python'), [
    inProject('src/experiments/choosing/count.py'),
    ...paths,
  ]);
  return JSON.parse(stdout);
}

/** The size of each stack's program. */
export async function countPrograms(): Promise<Record<Stack, Code>> {
  const python = Object.values(stacks).filter(({ language }) => language === 'python');
  const counts = await countPython(python.map(({ program }) => programPath(program)));
  const entries = Object.entries(stacks).map(([stack, facts]) => [
    stack,
    facts.language === 'python'
      ? counts[python.indexOf(facts)]!
      : countTypeScript(programOf(stack as Stack)),
  ]);
  return Object.fromEntries(entries);
}
