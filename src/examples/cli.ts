import { readArguments, wholeNumber } from '../command/arguments';
import { commandLine } from '../command/command-line';
import { UserError } from '../command/errors';
import { examples } from '.';

type Name = keyof typeof examples;

const names = Object.keys(examples) as Name[];
const usage = `${commandLine('example', 'NAME [--steps N] [--seed N]')}

Trains one of the small models of src/examples and shows the result.
Examples: ${names.join(', ')}.`;

function parse(argv: string[]) {
  return readArguments('example', {
    args: argv,
    allowPositionals: true,
    options: {
      steps: { type: 'string', default: '300' },
      seed: { type: 'string', default: '0' },
      help: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  });
}

/** `npm run example`: prints the loss now and then, and the example's result. */
export async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [name] = positionals as [Name?];
  if (positionals.length !== 1 || !name || !names.includes(name)) {
    const asked = name ? `Unknown example '${positionals.join(' ')}'` : 'Which example';
    throw new UserError(`${asked}: choose ${names.join(', ')}.`);
  }
  const steps = wholeNumber('steps', values.steps, 1);
  const training = examples[name]({ steps, seed: wholeNumber('seed', values.seed, 0) });
  for (let step = 1; ; step++) {
    const { value, done } = await training.next();
    if (done) {
      console.log(value);
      return 0;
    }
    if (step === 1 || step % 25 === 0) console.log(`step ${step}: loss ${value.toFixed(4)}`);
  }
}
