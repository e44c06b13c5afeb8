import ts from 'typescript-6';

const { factory } = ts;

const isVar = (list: ts.Node): list is ts.VariableDeclarationList =>
  ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.BlockScoped) === 0;

const hasExport = (node: ts.Statement) =>
  ts.canHaveModifiers(node) &&
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const withoutExport = (modifiers: readonly ts.ModifierLike[] | undefined) =>
  modifiers?.filter(
    ({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword,
  );

function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : namesOf(element.name),
  );
}

/** Part of TypeScript that its declarations leave out. */
const { converters } = factory as never as {
  converters: { convertToAssignmentPattern(pattern: ts.BindingPattern): ts.Expression };
};

/** `a = 1, { b } = o` for `var a = 1, { b } = o, c`; undefined if nothing is assigned. */
function assignments(list: ts.VariableDeclarationList): ts.Expression | undefined {
  const parts = list.declarations.flatMap(({ name, initializer }) => {
    if (!initializer) return [];
    const target = ts.isIdentifier(name) ? name : converters.convertToAssignmentPattern(name);
    const assigned = ts.setTextRange(factory.createAssignment(target, initializer), name);
    // A pattern at the beginning of a statement would be a block.
    return [ts.isIdentifier(name) ? assigned : factory.createParenthesizedExpression(assigned)];
  });
  return parts.length === 0 ? undefined : factory.createCommaListExpression(parts);
}

const isScope = (node: ts.Node) =>
  ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node);

/**
 * Declares all variables of a script with `let`. V8's REPL lets a later script declare a name again, but only
 * in the same way. Functions and what `var` declares come first, as JavaScript has it.
 */
export const scriptVariables: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const hoisted = new Set<string>();
  const functions: ts.Statement[] = [];

  const withoutVar = (node: ts.Node): ts.Node | undefined => {
    if (isScope(node)) return node;
    const visited = ts.visitEachChild(node, withoutVar, context);
    if (ts.isVariableStatement(visited) && isVar(visited.declarationList)) {
      const list = visited.declarationList;
      for (const { name } of list.declarations) for (const each of namesOf(name)) hoisted.add(each);
      const assigned = assignments(list);
      if (!assigned) return factory.createEmptyStatement();
      return ts.setTextRange(factory.createExpressionStatement(assigned), visited);
    }
    if (ts.isForStatement(visited) && visited.initializer && isVar(visited.initializer)) {
      for (const { name } of visited.initializer.declarations) {
        for (const each of namesOf(name)) hoisted.add(each);
      }
      const { initializer, condition, incrementor, statement } = visited;
      const assigned = assignments(initializer);
      return factory.updateForStatement(visited, assigned, condition, incrementor, statement);
    }
    if (
      (ts.isForInStatement(visited) || ts.isForOfStatement(visited)) &&
      isVar(visited.initializer)
    ) {
      const { name } = visited.initializer.declarations[0]!;
      for (const each of namesOf(name)) hoisted.add(each);
      const target = ts.isIdentifier(name) ? name : converters.convertToAssignmentPattern(name);
      const { expression, statement } = visited;
      return ts.isForInStatement(visited)
        ? factory.updateForInStatement(visited, target, expression, statement)
        : factory.updateForOfStatement(
            visited,
            visited.awaitModifier,
            target,
            expression,
            statement,
          );
    }
    return visited;
  };

  const statements = file.statements.flatMap((statement): ts.Statement[] => {
    if (ts.isExportDeclaration(statement)) return [];
    if (ts.isFunctionDeclaration(statement) && statement.body) {
      const { asteriskToken, name, parameters, body } = statement;
      const modifiers = withoutExport(statement.modifiers) as ts.Modifier[] | undefined;
      // An anonymous function takes the variable's name and calls itself through the variable.
      const made = factory.createFunctionExpression(
        ...([modifiers, asteriskToken, undefined, undefined, parameters, undefined, body] as const),
      );
      ts.setTextRange(made, statement);
      if (!name)
        return [factory.createExpressionStatement(factory.createParenthesizedExpression(made))];
      hoisted.add(name.text);
      functions.push(factory.createExpressionStatement(factory.createAssignment(name, made)));
      return [];
    }
    if (ts.isClassDeclaration(statement)) {
      if (!hasExport(statement)) return [statement];
      const { name, heritageClauses, members } = statement;
      const modifiers = withoutExport(statement.modifiers);
      if (name) {
        return [
          factory.updateClassDeclaration(
            statement,
            modifiers,
            name,
            undefined,
            heritageClauses,
            members,
          ),
        ];
      }
      const made = factory.createClassExpression(
        modifiers,
        name,
        undefined,
        heritageClauses,
        members,
      );
      return [factory.createExpressionStatement(factory.createParenthesizedExpression(made))];
    }
    if (ts.isVariableStatement(statement) && !isVar(statement.declarationList)) {
      const { declarations } = statement.declarationList;
      const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Let);
      ts.setTextRange(list, statement.declarationList);
      return [ts.setTextRange(factory.createVariableStatement(undefined, list), statement)];
    }
    return [withoutVar(statement) as ts.Statement];
  });
  const declared = [...hoisted].map((name) => factory.createVariableDeclaration(name));
  const first =
    declared.length === 0
      ? []
      : [
          factory.createVariableStatement(
            undefined,
            factory.createVariableDeclarationList(declared, ts.NodeFlags.Let),
          ),
        ];
  return factory.updateSourceFile(file, [...first, ...functions, ...statements]);
};
