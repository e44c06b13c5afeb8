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
    const registry = ts.createDocumentRegistry(undefined, undefined, documentation);
    held[key] = { registry, documentation };
  }
  return held[key];
}
