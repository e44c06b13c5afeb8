/** The process that compiles cells; compiler-process.ts starts it. */
import { Compiler } from './compiler';
import type { Answer, Question } from './compiler-process';

const fresh = () => new Compiler(process.cwd(), process.argv[2] === 'javascript');
let compiler = fresh();

function answer({ method, parameters }: Question): unknown {
  if (method === 'forget') {
    compiler = fresh();
    return undefined;
  }
  return (compiler[method] as (...all: unknown[]) => unknown)(...parameters);
}

/** The kernel may be gone. */
const send = (message: Answer) => process.send!(message, undefined, undefined, () => {});

process.on('message', (question: Question) => {
  const { id } = question;
  try {
    send({ id, result: answer(question) });
  } catch (error) {
    const { name, message } = error as Error;
    send({ id, error: { name, message } });
  }
});
process.on('disconnect', () => process.exit());
// A terminal sends it to all processes of the group.
process.on('SIGINT', () => {});

// The first program takes a moment: now rather than with the first cell.
compiler.compile('');
send({});
