import { readFileSync } from 'node:fs';
import ts from 'typescript-6';
import { programPath } from './code';
import { type Stack, stacks } from './stacks';

/** Descriptions of the five mistakes, by their names in the programs. */
export const mistakeNames: Readonly<Record<string, string>> = {
  features: 'a layer for 784 numbers gets 64',
  label: 'a label beyond the ten classes',
  decimals: 'a label of 3.5',
  option: 'a misspelt option',
  shapes: 'two shapes that do not add up',
};

/** The code of each mistake, and whether the compiler reports it. */
export interface MistakeCode {
  readonly code: string;
  readonly early: boolean;
}

/** The mistakes in a TypeScript file: the build checks that each expected error occurs. */
export function mistakesIn(source: string): Record<string, MistakeCode> {
  const file = ts.createSourceFile('mistakes.ts', source, ts.ScriptTarget.ES2022, true);
  const found: Record<string, MistakeCode> = {};
  const look = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isArrowFunction(node.initializer)) {
      found[node.name.getText()] = {
        code: node.initializer.body.getText(),
        early: node.getFullText().includes('@ts-expect-error'),
      };
    } else ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

/** The mistakes in a Python file. None is reported before it runs. */
function mistakesInPython(source: string): Record<string, MistakeCode> {
  const all = source.matchAll(/^def (\w+)\(\):\n {4}return (.+)$/gm);
  const entries = [...all].map(([, name, code]) => [name!, { code: code!, early: false }] as const);
  return Object.fromEntries(entries);
}

/** A stack's mistakes by their names. */
export function mistakesOf(stack: Stack): Record<string, MistakeCode> {
  const { language, mistakes } = stacks[stack];
  const source = readFileSync(programPath(mistakes), 'utf8');
  const found = language === 'python' ? mistakesInPython(source) : mistakesIn(source);
  return Object.fromEntries(Object.keys(mistakeNames).map((name) => [name, found[name]!]));
}
