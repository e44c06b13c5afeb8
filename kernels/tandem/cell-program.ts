import type TypeScript from '@tslab/typescript-for-tslab';

/** Parts of TypeScript that its declarations leave out. */
interface Internals {
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
}

interface Resolution {
  readonly resolvedModule?: TypeScript.ResolvedModule;
}

type ResolvedFile = TypeScript.SourceFile & {
  readonly resolvedModules?: { forEach(visit: (resolution?: Resolution) => void): void };
};

/** The files that a file imports, with theirs in turn, itself first; what lies behind a .d.ts does not count. */
function dependencies(program: TypeScript.Program, file: TypeScript.SourceFile): string[] {
  const found = new Set<TypeScript.SourceFile>([file]);
  for (const { isDeclarationFile, resolvedModules } of found as Set<ResolvedFile>) {
    if (isDeclarationFile) continue;
    resolvedModules?.forEach((resolution) => {
      const name = resolution?.resolvedModule?.resolvedFileName;
      const imported = name && program.getSourceFile(name);
      if (imported) found.add(imported);
    });
  }
  return Array.from(found, ({ fileName }) => fileName);
}

/**
 * What tslab compiles cells with: TypeScript's plain builder, which keeps no record of which file
 * refers to which. The default one makes that anew for some thousand declaration files, twice a cell.
 */
export function cellProgramWith(
  ts: typeof TypeScript,
): TypeScript.CreateProgram<TypeScript.BuilderProgram> {
  return (rootNames, options, ...rest) => {
    const builder = ts.createAbstractBuilder(rootNames, options, ...rest);
    // tslab reads what a cell declares before any type is asked for.
    for (const name of rootNames ?? []) {
      const file = builder.getSourceFile(name);
      if (file) (ts as never as Internals).bindSourceFile(file, builder.getCompilerOptions());
    }
    return Object.assign(builder, {
      getAllDependencies: (file: TypeScript.SourceFile) => dependencies(builder.getProgram(), file),
    });
  };
}
