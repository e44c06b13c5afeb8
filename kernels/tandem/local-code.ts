import ts from 'typescript-6';
import { cellNames } from './cell-names';
import { compilerOptions } from './compiler-options';
import { call, interruptibleNode, isImportCall } from './interruptible-code';

/** A local module as CommonJS. */
export interface LocalCode {
  readonly code: string;
  readonly map: string;
  /** Whether it uses top-level await, so that its importers must wait for it. */
  readonly awaits: boolean;
  /** What it imports statically. */
  readonly imports: readonly string[];
}

const here = () => ts.factory.createIdentifier('__filename');

const transformer: ts.TransformerFactory<ts.SourceFile> = (context) => {
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isMetaProperty(visited) && visited.keywordToken === ts.SyntaxKind.ImportKeyword)
      return call(cellNames.meta, here());
    if (!isImportCall(visited)) return interruptibleNode(visited);
    const [specifier, options] = visited.arguments;
    const names = ts.factory.createArrayLiteralExpression();
    return call(cellNames.load, specifier!, options ?? ts.factory.createVoidZero(), names, here());
  };
  return (file) => ts.visitEachChild(file, visit, context);
};

function awaitsAtTop(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  if (
    ts.isVariableDeclarationList(node) &&
    (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
  )
    return true;
  return ts.forEachChild(node, (child) => awaitsAtTop(child) || undefined) ?? false;
}

/** Whether JavaScript is written as an ES module. */
const isModule = (path: string, text: string) =>
  ts.preProcessFile(text).importedFiles.length > 0 ||
  /^\s*(import|export)\b|\bimport\.meta\b/m.test(text)
    ? ts.isExternalModule(ts.createSourceFile(path, text, ts.ScriptTarget.Latest)) ||
      /\.mjs$/.test(path)
    : false;

/** Finds and compiles local modules as the tsconfig.json in a notebook's folder says. */
export class LocalCompiler {
  readonly #options: ts.CompilerOptions;

  constructor(folder: string, javascript: boolean) {
    this.#options = compilerOptions(folder, javascript);
  }

  /** Where TypeScript finds a module, which may be a declaration. */
  resolve(request: string, importer: string): string | undefined {
    const { resolvedModule } = ts.resolveModuleName(request, importer, this.#options, ts.sys);
    return resolvedModule?.resolvedFileName;
  }

  /** A TypeScript file or ES module as CommonJS; undefined for JavaScript that is CommonJS already. */
  compile(path: string, text: string): LocalCode | undefined {
    return localCode(path, text, this.#options);
  }
}

function localCode(path: string, text: string, options: ts.CompilerOptions): LocalCode | undefined {
  if (/\.(js|cjs|jsx)$/.test(path) && !isModule(path, text)) return undefined;
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    // By the names of ES modules TypeScript would leave them as they are.
    fileName: path.replace(/\.m([tj]s)$/, '.$1'),
    compilerOptions: {
      ...options,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: undefined,
      jsx: options.jsx ?? ts.JsxEmit.React,
    },
    transformers: { before: [transformer] },
  });
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return {
    code: outputText.replace(/^\/\/# sourceMappingURL=.*$/m, ''),
    map: sourceMapText!,
    awaits: awaitsAtTop(file),
    imports: ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName),
  };
}
