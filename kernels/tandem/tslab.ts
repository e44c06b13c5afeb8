/**
 * tslab, on a TypeScript that is prepared before tslab loads it: cells get source maps, the types of
 * Node alone rather than of every package that is installed, awaits that an interrupt can end, and
 * no file watchers. tslab has no options for these.
 */
import type TypeScript from '@tslab/typescript-for-tslab';
import { cellProgramWith } from './cell-program';
import { interruptibleName } from './interruptible';
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

/** `await x` becomes `await interruptible(x)`. */
const interruptibleAwaits: TypeScript.TransformerFactory<TypeScript.SourceFile> = (context) => {
  const visit = (node: TypeScript.Node): TypeScript.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isAwaitExpression(visited)) return visited;
    const { factory } = context;
    const wrapped = factory.createCallExpression(
      factory.createIdentifier(interruptibleName),
      undefined,
      [visited.expression],
    );
    return factory.updateAwaitExpression(visited, wrapped);
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
      transformers: { before: [interruptibleAwaits] },
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
