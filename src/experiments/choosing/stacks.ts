import type { Framework } from '../../training/recipe';

export type Language = 'typescript' | 'python';

/** A framework from a language. */
export type Stack = `${Framework}-${Language}`;

interface StackFacts {
  readonly framework: Framework;
  readonly language: Language;
  /** Its name in text and figures. */
  readonly name: string;
  /** Its file in `programs/`. */
  readonly program: string;
  readonly mistakes: string;
}

/** All four, in the order of tables. */
export const stacks: Readonly<Record<Stack, StackFacts>> = {
  'pytorch-typescript': {
    framework: 'pytorch',
    language: 'typescript',
    name: 'PyTorch from TypeScript',
    program: 'pytorch-model.ts',
    mistakes: 'pytorch-mistakes.ts',
  },
  'pytorch-python': {
    framework: 'pytorch',
    language: 'python',
    name: 'PyTorch from Python',
    program: 'pytorch_model.py',
    mistakes: 'pytorch_mistakes.py',
  },
  'tensorflow-typescript': {
    framework: 'tensorflow',
    language: 'typescript',
    name: 'TensorFlow from TypeScript',
    program: 'tensorflow-model.ts',
    mistakes: 'tensorflow-mistakes.ts',
  },
  'tensorflow-python': {
    framework: 'tensorflow',
    language: 'python',
    name: 'TensorFlow from Python',
    program: 'tensorflow_model.py',
    mistakes: 'tensorflow_mistakes.py',
  },
};

export const stackNames = Object.keys(stacks) as Stack[];
