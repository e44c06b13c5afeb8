import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import vm from 'node:vm';
import ts from 'typescript-6';
import { inProject } from '../../files/paths';

/** What is wrong with a program, with the place as `file:line`. */
export class ProgramError extends Error {
  constructor(
    message: string,
    readonly place?: string,
  ) {
    super(message);
  }
}

type Compiled = NodeModule & { _compile(code: string, path: string): void };

const loader = Module as typeof Module & {
  _load(request: string, parent: NodeModule | null, isMain: boolean): unknown;
  _extensions: Record<string, (module: Compiled, path: string) => void>;
};

const sources = /\.[mc]?[jt]sx?$/;

/** A program's source as CommonJS whose stacks name the lines of the source. Throws ProgramError for wrong syntax. */
function compiled(path: string): { code: string; awaits: boolean } {
  const text = readFileSync(path, 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  if (/\.c?jsx?$/.test(path) && !ts.isExternalModule(file)) return { code: text, awaits: false };
  const { outputText, diagnostics } = ts.transpileModule(text, {
    fileName: path.replace(/\.m([tj]s)$/, '.$1'),
    reportDiagnostics: true,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      allowJs: true,
      inlineSourceMap: true,
    },
  });
  const wrong = diagnostics?.find(({ category, code }) => category === 1 && code < 2000);
  if (wrong) {
    const line = file.getLineAndCharacterOfPosition(wrong.start ?? 0).line + 1;
    const message = ts.flattenDiagnosticMessageText(wrong.messageText, ' ');
    throw new ProgramError(`SyntaxError: ${message}`, `${path}:${line}`);
  }
  return { code: outputText, awaits: awaitsAtTop(file) };
}

function awaitsAtTop(node: ts.Node): boolean {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  return ts.isAwaitExpression(node) || (ts.forEachChild(node, awaitsAtTop) ?? false);
}

/** Packages that a program gets in Tandem's own or another form, by the name that it imports. */
export type Packages = (request: string) => unknown;

let folder = '';
let packages: Packages = () => undefined;

const own = (path: string | undefined): boolean =>
  Boolean(path?.startsWith(folder + sep)) && !path!.includes(`${sep}node_modules${sep}`);

const tandem = createRequire(inProject('package.json'));

/** Lets programs be TypeScript or ES modules, and import Tandem's packages from any folder; called once. */
export function teachRequire(): void {
  process.setSourceMapsEnabled(true);
  const load = loader._load;
  loader._load = (request, parent, isMain) => {
    if (!own(parent?.filename)) return load.call(loader, request, parent, isMain);
    const given = packages(request);
    if (given !== undefined) return given;
    try {
      return load.call(loader, request, parent, isMain);
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
      if (!missing || /^[./]/.test(request)) throw error;
      let found: string;
      try {
        found = tandem.resolve(request);
      } catch {
        throw error;
      }
      return load.call(loader, found, parent, isMain);
    }
  };
  for (const extension of ['.ts', '.mts', '.cts', '.js', '.mjs']) {
    const usual = loader._extensions[extension] ?? loader._extensions['.js']!;
    loader._extensions[extension] = (module, path) => {
      if (!own(path) && !extension.endsWith('ts')) return usual(module, path);
      module._compile(compiled(path).code, path);
    };
  }
}

/** Runs a program and gives what it exports, promises awaited. */
export async function loadProgram(path: string, given: Packages): Promise<Record<string, unknown>> {
  folder = dirname(path);
  packages = given;
  for (const known of Object.keys(require.cache)) if (own(known)) delete require.cache[known];
  const { code, awaits } = compiled(path);
  let exported: Record<string, unknown>;
  if (awaits) {
    const module = new Module(path) as Compiled;
    module.filename = path;
    const run = vm.runInThisContext(
      `(async function (exports, require, module, __filename, __dirname) {${code}\n})`,
      { filename: path },
    );
    await run(module.exports, (name: string) => module.require(name), module, path, folder);
    exported = module.exports;
  } else exported = createRequire(path)(path);
  const found: Record<string, unknown> = {};
  for (const name of [...Object.keys(exported)]) found[name] = await exported[name];
  return found;
}

/** `data.ts` or `data.js` beside a program; undefined where there is none. */
export function dataBeside(path: string): Record<string, unknown> | undefined {
  const found = ['data.ts', 'data.js']
    .map((name) => join(dirname(path), name))
    .find((file) => existsSync(file));
  return found && createRequire(path)(found);
}

/** The line of the program that is being run, or at which an error came from, as `file:line`. */
export function placeOf(stack = new Error().stack ?? ''): string | undefined {
  for (const [, file, line] of stack.matchAll(/\(?((?:file:\/\/)?\/[^():\n]+):(\d+):\d+\)?/g)) {
    const path = file!.replace(/^file:\/\//, '');
    if (own(path) && sources.test(path)) return `${path}:${line}`;
  }
  return undefined;
}
