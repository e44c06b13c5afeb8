import { mkdirSync } from 'node:fs';
import { isDevice } from 'tandem-torch/internal';
import { readArguments, wholeNumber } from '../command/arguments';
import { UserError } from '../command/errors';
import { inProject } from '../files/paths';
import { articlePytorch } from './article-pytorch';
import { useDevice } from './device';
import { devices } from './devices';
import { exampleTwins } from './examples';
import { type InstructionSet, instructionSets, parityHeldTo } from './instruction-sets';
import { names } from './names';
import { nnSuite } from './nn/suite';
import { ops } from './ops';
import type { Suite, SuiteResult } from './suite';

/** TensorFlow is loaded only by the suites that use it. */
export const suites: Readonly<Record<string, Suite>> = {
  'article-pytorch': articlePytorch,
  'article-tensorflow': async (options) =>
    (await import('./article-tensorflow.js')).articleTensorflow(options),
  devices,
  examples: exampleTwins,
  frameworks: async (options) => (await import('./frameworks.js')).frameworks(options),
  names,
  nn: nnSuite,
  ops,
};

function parse(argv: string[]) {
  return readArguments('parity', {
    args: argv,
    options: {
      suite: { type: 'string', multiple: true },
      only: { type: 'string' },
      seed: { type: 'string', default: '0' },
      steps: { type: 'string' },
      device: { type: 'string' },
      isa: { type: 'string' },
      json: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  }).values;
}

/** The suites that a device other than the CPU changes. */
const onDevices = ['article-pytorch', 'devices', 'nn', 'ops'];

function checkDevice(name: string, chosen: readonly string[]): void {
  if (!isDevice(name)) throw new UserError(`Unknown device '${name}'. Choose cpu or cuda.`);
  const other = chosen.find((suite) => !onDevices.includes(suite));
  if (other) {
    throw new UserError(
      `--device is for the suites ${onDevices.join(', ')}, not for ${other}: name them by --suite.`,
    );
  }
  useDevice(name);
}

/** Arguments without an option and its value, in either spelling. */
const argumentsWithout = (argv: readonly string[], option: string): string[] =>
  argv.filter((text, i) => !text.startsWith(option) && argv[i - 1] !== option);

const line = ({ suite, ok, ...figures }: SuiteResult): string =>
  `${ok ? 'ok       ' : 'DIFFERENT'} ${suite}: ${Object.entries(figures)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.length : value}`)
    .join(', ')}`;

/** `npm run parity`: the exit code is 0 if everything agrees, 1 if something differs. */
export async function main(argv: string[]): Promise<number> {
  const values = parse(argv);
  const seed = wholeNumber('seed', values.seed, 0);
  const chosen = values.suite ?? Object.keys(suites);
  for (const name of chosen) {
    if (!suites[name]) {
      throw new UserError(`Unknown suite '${name}'. Choose ${Object.keys(suites).join(', ')}.`);
    }
  }
  if (values.device) checkDevice(values.device, chosen);
  const steps = values.steps === undefined ? undefined : wholeNumber('steps', values.steps, 1);
  if (values.isa !== undefined) {
    if (!Object.hasOwn(instructionSets, values.isa)) {
      const known = Object.keys(instructionSets).join(', ');
      throw new UserError(`Unknown instruction set '${values.isa}'. Choose ${known}.`);
    }
    return parityHeldTo(values.isa as InstructionSet, argumentsWithout(argv, '--isa'));
  }
  mkdirSync(inProject('build'), { recursive: true });
  const results: SuiteResult[] = [];
  for (const name of chosen) {
    const found = await suites[name]!({
      seed,
      only: values.only,
      steps,
      device: values.device,
      log: (text) => console.error(text),
    });
    if (!values.json) for (const result of found) console.log(line(result));
    results.push(...found);
  }
  if (values.json) console.log(JSON.stringify(results, null, 1));
  return results.every(({ ok }) => ok) ? 0 : 1;
}
