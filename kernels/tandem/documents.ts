import ts from 'typescript-6';

/** Parsed files, and whether their documentation was read. */
export interface Documents {
  readonly registry: ts.DocumentRegistry;
  readonly documentation: ts.JSDocParsingMode;
}

/** Where a process that starts from the snapshot (snapshot-file.js) finds them. */
const key = Symbol.for('tandem.documents');

/** The documents of this process. Only editors need documentation, which is a fifth of the parser's work. */
export function documents(): Documents {
  const held = globalThis as { [key]?: Documents };
  if (!held[key]) {
    const { ParseAll, ParseNone } = ts.JSDocParsingMode;
    const documentation = process.env.TANDEM_RUN ? ParseNone : ParseAll;
    held[key] = { registry: registryForAllOptions(documentation), documentation };
  }
  return held[key];
}

const isDeclaration = (path: string) => /\.d\.[mc]?ts$/.test(path);

/**
 * TypeScript's registry, but options that only change which errors are reported don't divide the declarations: so those
 * in the snapshot serve whatever tsconfig.json says, as their own errors are not looked for (`skipLibCheck`).
 */
function registryForAllOptions(documentation: ts.JSDocParsingMode): ts.DocumentRegistry {
  const registry = ts.createDocumentRegistry(undefined, undefined, documentation);
  const all = registry.getKeyForCompilationSettings({});
  const { acquireDocumentWithKey, updateDocumentWithKey, releaseDocumentWithKey } = registry;
  const keyOf = (path: string, own: ts.DocumentRegistryBucketKey) =>
    isDeclaration(path) ? all : own;
  return Object.assign(registry, {
    acquireDocumentWithKey(...[file, path, settings, own, ...rest]) {
      return acquireDocumentWithKey(file, path, settings, keyOf(file, own), ...rest);
    },
    updateDocumentWithKey(...[file, path, settings, own, ...rest]) {
      return updateDocumentWithKey(file, path, settings, keyOf(file, own), ...rest);
    },
    releaseDocumentWithKey(path, own, kind?: ts.ScriptKind, mode?: ts.ResolutionMode) {
      releaseDocumentWithKey(path, keyOf(path, own), kind!, mode);
    },
  } satisfies Partial<ts.DocumentRegistry>);
}
