import ts from 'typescript-6';
import { cellNames } from './cell-names';
import { call, interruptibleNode, isImportCall } from './interruptible-code';

const { factory } = ts;

/** Members that TypeScript's declarations leave out. */
type BoundFile = ts.SourceFile & { readonly locals?: ts.SymbolTable };
type LocalSymbol = ts.Symbol & { readonly exportSymbol?: ts.Symbol };

/**
 * Names that a cell's variables can't have, since every module of the process would see them: what Node declares,
 * and what libraries look for to learn where they run. `URL` becomes `URL$cell`.
 */
const reserved = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...['window', 'document', 'self', 'location', 'define', 'importScripts', 'Deno', 'Bun'],
  ...['require', 'module', 'exports', 'WorkerGlobalScope', 'process'],
]);

const declares = (name: ts.BindingName, ...value: ts.Expression[]) =>
  factory.createVariableDeclaration(name, undefined, undefined, value[0]);

const lets = (...declarations: ts.VariableDeclaration[]) =>
  factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList(declarations, ts.NodeFlags.Let),
  );

/** Turns a cell into a script for V8's REPL, which supports neither imports nor a last expression. */
export class CellCode {
  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly isCell: (file: ts.SourceFile) => boolean,
    private readonly javascript: boolean,
  ) {}

  readonly transformer: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isIdentifier(node)) return this.#renamed(node);
      if (ts.isShorthandPropertyAssignment(node)) {
        const value = this.checker.getShorthandAssignmentValueSymbol(node);
        const name = this.#newName(node.name, value);
        if (!name || node.objectAssignmentInitializer)
          return ts.visitEachChild(node, visit, context);
        return factory.createPropertyAssignment(node.name.text, name);
      }
      if (ts.isBindingElement(node) && !node.propertyName && ts.isIdentifier(node.name)) {
        const name = this.#newName(node.name, this.checker.getSymbolAtLocation(node.name));
        if (name) {
          const property = node.dotDotDotToken
            ? undefined
            : factory.createIdentifier(node.name.text);
          const initializer = ts.visitNode(node.initializer, visit) as ts.Expression | undefined;
          return factory.createBindingElement(node.dotDotDotToken, property, name, initializer);
        }
      }
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
      const visited = ts.visitEachChild(node, visit, context);
      if (isImportCall(visited)) return call(cellNames.load, ...visited.arguments);
      return interruptibleNode(visited);
    };
    const statements = file.statements.flatMap((statement): ts.Statement[] => {
      if (ts.isImportDeclaration(statement)) return this.#imports(statement);
      if (
        ts.isImportEqualsDeclaration(statement) &&
        ts.isExternalModuleReference(statement.moduleReference)
      ) {
        if (statement.isTypeOnly) return [];
        const required = call('require', statement.moduleReference.expression);
        return [this.#placed(lets(declares(this.#renamed(statement.name), required)), statement)];
      }
      if (ts.isExportDeclaration(statement)) return this.#reexported(statement);
      const visited = ts.visitNode(statement, visit) as ts.Statement;
      if (!ts.isExportAssignment(visited)) return [visited];
      return [this.#placed(factory.createExpressionStatement(visited.expression), visited)];
    });
    const last = file.statements.findLast((statement) => !ts.isEmptyStatement(statement));
    // Only an expression at the end is the cell's value, not the last one of a loop.
    const hasValue = last && (ts.isExpressionStatement(last) || ts.isExportAssignment(last));
    const nothing = factory.createExpressionStatement(factory.createVoidZero());
    return factory.updateSourceFile(file, hasValue ? statements : [...statements, nothing]);
  };

  #placed = <T extends ts.Node>(made: T, from: ts.Node): T => ts.setTextRange(made, from);

  /** The name that a cell's variable has in its script, where it differs. */
  #newName(node: ts.Identifier, symbol: ts.Symbol | undefined): ts.Identifier | undefined {
    if (!reserved.has(node.text) || !symbol) return undefined;
    const ofCell = (symbol.declarations ?? []).some((declaration) => {
      const file = declaration.getSourceFile() as BoundFile;
      if (!this.isCell(file)) return false;
      const local = file.locals?.get(node.escapedText) as LocalSymbol | undefined;
      return local !== undefined && (local === symbol || local.exportSymbol === symbol);
    });
    if (!ofCell) return undefined;
    return this.#placed(factory.createIdentifier(`${node.text}$cell`), node);
  }

  #renamed = (node: ts.Identifier): ts.Identifier =>
    this.#newName(
      node,
      reserved.has(node.text) ? this.checker.getSymbolAtLocation(node) : undefined,
    ) ?? node;

  /** Whether an imported name is more than a type. */
  #isValue(name: ts.Identifier): boolean {
    if (this.javascript) return true;
    const symbol = this.checker.getSymbolAtLocation(name);
    if (!symbol || !(symbol.flags & ts.SymbolFlags.Alias)) return true;
    const target = this.checker.getAliasedSymbol(symbol);
    return this.checker.isUnknownSymbol(target) || (target.flags & ts.SymbolFlags.Value) !== 0;
  }

  /** `import d, { a as b } from 'm'` as `let { default: d, a: b } = await load('m')`. */
  #imports(statement: ts.ImportDeclaration): ts.Statement[] {
    const { importClause: clause, moduleSpecifier, attributes } = statement;
    const named = clause?.namedBindings;
    const elements: { property: string; name: ts.Identifier }[] = [];
    if (clause?.isTypeOnly) return [];
    if (clause?.name && this.#isValue(clause.name))
      elements.push({ property: 'default', name: clause.name });
    if (named && ts.isNamedImports(named)) {
      for (const { isTypeOnly, propertyName, name } of named.elements) {
        if (isTypeOnly || !this.#isValue(name)) continue;
        elements.push({ property: (propertyName ?? name).text, name });
      }
    }
    const namespace = named && ts.isNamespaceImport(named) ? named.name : undefined;
    if (clause && elements.length === 0 && !namespace) return [];
    const loaded = this.#load(
      moduleSpecifier,
      attributes,
      this.javascript ? elements.map(({ property }) => property) : [],
    );
    if (!clause) return [this.#placed(factory.createExpressionStatement(loaded), statement)];
    const pattern = factory.createObjectBindingPattern(
      elements.map(({ property, name }) =>
        factory.createBindingElement(
          undefined,
          factory.createStringLiteral(property),
          this.#renamed(name),
        ),
      ),
    );
    if (!namespace) return [this.#placed(lets(declares(pattern, loaded)), statement)];
    const all = this.#renamed(namespace);
    const declarations = [declares(all, loaded)];
    if (elements.length > 0) declarations.push(declares(pattern, all));
    return [this.#placed(lets(...declarations), statement)];
  }

  /** `export … from 'm'` only loads the module, since nothing imports a cell. */
  #reexported({ moduleSpecifier, attributes, isTypeOnly }: ts.ExportDeclaration): ts.Statement[] {
    if (!moduleSpecifier || isTypeOnly) return [];
    return [factory.createExpressionStatement(this.#load(moduleSpecifier, attributes, []))];
  }

  #load(specifier: ts.Expression, attributes: ts.ImportAttributes | undefined, names: string[]) {
    const pairs = attributes?.elements.map(({ name, value }) =>
      factory.createPropertyAssignment(name.text, value),
    );
    const options = factory.createObjectLiteralExpression(
      pairs && [
        factory.createPropertyAssignment('with', factory.createObjectLiteralExpression(pairs)),
      ],
    );
    const list = factory.createArrayLiteralExpression(
      names.map((name) => factory.createStringLiteral(name)),
    );
    const loaded = call(cellNames.load, specifier, options, list);
    ts.setTextRange(loaded, specifier);
    return factory.createAwaitExpression(call(cellNames.interruptible, loaded));
  }
}
