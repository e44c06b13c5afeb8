import ts from 'typescript-6';

/** A TypeScript feature in a cell that the kernel doesn't support; lines and columns count from 1. */
export interface Unsupported {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** What is not supported, and what to use. */
  readonly message: string;
  readonly file?: undefined;
  readonly code?: undefined;
}

const isJsx = (node: ts.Node) =>
  ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node);

const isMeta = (node: ts.Node) =>
  ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;

function first(node: ts.Node, wanted: (node: ts.Node) => boolean): ts.Node | undefined {
  return wanted(node) ? node : ts.forEachChild(node, (child) => first(child, wanted));
}

/** The first unsupported feature of a cell, in one line with what to use; undefined if there is none. */
export function unsupported(file: ts.SourceFile): Unsupported | undefined {
  const at = (node: ts.Node, message: string): Unsupported => {
    const { line, character } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
    return { line: line + 1, column: character + 1, length: 1, message };
  };
  const meta = first(file, isMeta);
  if (meta) {
    const use = "process.cwd() is the notebook's folder, require.resolve('./x') a file's path";
    return at(meta, `a cell has no import.meta: ${use}.`);
  }
  const { parseDiagnostics } = file as { parseDiagnostics?: readonly unknown[] };
  const isScript = /\.js$/.test(file.fileName);
  if (!isScript && !parseDiagnostics?.length) return undefined;
  const { text } = file;
  const withJsx = ts.createSourceFile(
    'cell.tsx',
    text,
    file.languageVersion,
    true,
    ts.ScriptKind.TSX,
  );
  const jsx = (withJsx as typeof file & typeof file).text && first(withJsx, isJsx);
  const wellFormed = !(withJsx as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics
    ?.length;
  if (!jsx || !wellFormed) return undefined;
  const use = "call the function that makes the element, as in createElement('b', null, 'text')";
  return at(jsx, `JSX is not supported in cells: ${use}.`);
}
