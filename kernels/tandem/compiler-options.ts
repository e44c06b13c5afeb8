import { dirname, join } from 'node:path';
import ts from 'typescript-6';
import { inProject } from '../../src/files/paths';

/** The declarations of what cells find in `globalThis`. */
const cellGlobals = require.resolve('./questions').replace(/\.[jt]s$/, '');

/** What the tsconfig.json in a folder asks for; the files that it names don't matter. */
function configured(folder: string): ts.CompilerOptions {
  const path = join(folder, 'tsconfig.json');
  if (!ts.sys.fileExists(path)) return {};
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const host = { ...ts.sys, readDirectory: () => [] };
  return ts.parseJsonConfigFileContent(config ?? {}, host, folder).options;
}

/** The folders from this one to the root. */
function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

/**
 * How cells in a folder compile: as the tsconfig.json there says how strict types are, which library and which
 * paths there are; but always as modules that Node runs, and with the declarations of Node and of the kernel.
 */
export function compilerOptions(folder: string, javascript: boolean): ts.CompilerOptions {
  const own = configured(folder);
  return {
    strict: false,
    ...own,
    target: ts.ScriptTarget.ES2024,
    lib: [...new Set([...(own.lib ?? []), 'lib.esnext.d.ts'])],
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ['node', cellGlobals, ...(own.types ?? []).filter((name) => name !== '*')],
    typeRoots: [...(own.typeRoots ?? []), ...upwards(folder), inProject()].map((root) =>
      own.typeRoots?.includes(root) ? root : join(root, 'node_modules/@types'),
    ),
    allowImportingTsExtensions: true,
    allowJs: true,
    // Few of these checks are reported for JavaScript.
    checkJs: javascript,
    declaration: false,
    composite: false,
    emitDeclarationOnly: false,
    erasableSyntaxOnly: false,
    esModuleInterop: true,
    importHelpers: false,
    incremental: false,
    inlineSourceMap: false,
    inlineSources: false,
    isolatedDeclarations: false,
    isolatedModules: false,
    jsx: undefined,
    newLine: ts.NewLineKind.LineFeed,
    noEmit: false,
    noEmitHelpers: false,
    noEmitOnError: false,
    // A cell may declare what later ones use.
    noUnusedLocals: false,
    noUnusedParameters: false,
    outDir: '/cells',
    outFile: undefined,
    rootDir: '/',
    resolveJsonModule: true,
    skipLibCheck: true,
    sourceMap: true,
    verbatimModuleSyntax: false,
  };
}
