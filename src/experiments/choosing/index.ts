/** One model in both frameworks, from TypeScript and from Python: which one to choose? */
export { type Code, countPrograms, countPython, countTypeScript } from './code';
export { answerOfChoosing, decisionTable } from './decision';
export { type Figures, figuresOf, progressOf } from './figures';
export { type MistakeCode, mistakeNames, mistakesIn, mistakesOf } from './mistakes';
export { needed } from './process';
export { type ChoosingRecord, choosingName, runChoosing, type StackRecord } from './record';
export { type Language, type Stack, stackNames, stacks } from './stacks';
export {
  choosingSize,
  codeTable,
  conceptsText,
  goalTable,
  goalText,
  memoryTable,
  mistakesTable,
  mistakesText,
  programText,
  quietText,
  speedTable,
  speedText,
  startTable,
} from './text';
