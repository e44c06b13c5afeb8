import { readArguments, wholeNumber } from '../command/arguments';
import { UserError } from '../command/errors';
import { examples } from '.';

type Name = keyof typeof examples;

const names = Object.keys(examples) as Name[];
function parse(argv: string[]) {
  return readArguments('example', {
    args: argv,
    allowPositionals: true,
    options: {
      steps: { type: 'string', default: '300' },
      seed: { type: 'string', default: '0' },
      verbose: { type: 'boolean' },
    },
  });
}

/** `npm run example`: prints the loss now and then, and the example's result. */
export async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parse(argv);
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
