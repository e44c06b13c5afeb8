/**
 * tslab, on a TypeScript that is prepared before tslab loads it: cells get source maps, the types of
 * Node alone rather than of every package that is installed, awaits and loops that an interrupt can end, and
 * no file watchers. tslab has no options for these.
 */
import type TypeScript from '@tslab/typescript-for-tslab';
import { cellProgramWith } from './cell-program';
import { heedName, interruptibleName } from './interruptible';
import { WatchedFiles } from './watched-files';

const id = require.resolve('@tslab/typescript-for-tslab', {
  paths: [require.resolve('tslab/package.json')],
});
const ts: typeof TypeScript = require(id);

/** The declarations of what cells find in `globalThis`. */
const cellGlobals = require.resolve('./questions').replace(/\.[jt]s$/, '');

/** Looked at before each cell. */
export const watchedFiles = new WatchedFiles();
ts.sys.watchFile = (path, callback) => watchedFiles.watch(path, callback);
ts.sys.watchDirectory = () => ({ close: () => {} });

/** `await x` becomes `await interruptible(x)`, and each turn of a loop begins with `heed()`. */
const interruptibleCode: TypeScript.TransformerFactory<TypeScript.SourceFile> = (context) => {
  const { factory } = context;
  const call = (name: string, ...values: TypeScript.Expression[]) =>
    factory.createCallExpression(factory.createIdentifier(name), undefined, values);
  const heeding = (body: TypeScript.Statement) => {
    const statements = ts.isBlock(body) ? body.statements : [body];
    const heed = factory.createExpressionStatement(call(heedName));
    return factory.createBlock([heed, ...statements]);
  };
  const visit = (node: TypeScript.Node): TypeScript.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isAwaitExpression(visited)) {
      return factory.updateAwaitExpression(visited, call(interruptibleName, visited.expression));
    }
    if (ts.isForStatement(visited)) {
      const { initializer, condition, incrementor, statement } = visited;
      const body = heeding(statement);
      return factory.updateForStatement(visited, initializer, condition, incrementor, body);
    }
    if (ts.isForOfStatement(visited)) {
      const { awaitModifier, initializer, expression, statement } = visited;
      const body = heeding(statement);
      return factory.updateForOfStatement(visited, awaitModifier, initializer, expression, body);
    }
    if (ts.isForInStatement(visited)) {
      const { initializer, expression, statement } = visited;
      return factory.updateForInStatement(visited, initializer, expression, heeding(statement));
    }
    if (ts.isWhileStatement(visited)) {
      const { expression, statement } = visited;
      return factory.updateWhileStatement(visited, expression, heeding(statement));
    }
    if (ts.isDoStatement(visited)) {
      const { expression, statement } = visited;
      return factory.updateDoStatement(visited, heeding(statement), expression);
    }
    return visited;
  };
  return (file) => ts.visitEachChild(file, visit, context);
};

require.cache[id]!.exports = {
  ...ts,
  createWatchCompilerHost: ((
    files: string[],
    options: TypeScript.CompilerOptions,
    system: TypeScript.System,
    _: null,
    ...reports: never[]
  ) =>
    (ts.createWatchCompilerHost as (...parameters: unknown[]) => unknown)(
      files,
      { ...options, types: ['node', cellGlobals], inlineSourceMap: true },
      system,
      cellProgramWith(ts),
      ...reports,
    )) as never,
  transpileModule: (source: string, options: TypeScript.TranspileOptions) =>
    ts.transpileModule(source, {
      ...options,
      compilerOptions: { ...options.compilerOptions, inlineSourceMap: true },
      transformers: { before: [interruptibleCode] },
    }),
} satisfies typeof TypeScript;

// Loaded by require, since imports would run before the lines above.
export const { createConverter, isCompleteCode }: typeof import('tslab/dist/converter') =
  require('tslab/dist/converter');
export const {
  createExecutor,
}: typeof import('tslab/dist/executor') = require('tslab/dist/executor');
export const {
  printQuickInfo,
}: typeof import('tslab/dist/inspect') = require('tslab/dist/inspect');

/** The numbers of the errors that are seen without any type. */
export function syntaxErrors(code: string): number[] {
  const { diagnostics } = ts.transpileModule(code, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  });
  return diagnostics!.map((diagnostic) => diagnostic.code);
}

/** Where `import { display } from 'tslab'` shows things. */
export function routeDisplay(show: (content: never, update: boolean) => void): void {
  (require('tslab/dist/jupyter') as { lastWriteDisplayData: unknown }).lastWriteDisplayData = show;
}
