import { basename, extname, join, relative, resolve } from 'node:path';
import { readArguments } from '../command/arguments';
import { commandLine } from '../command/command-line';
import { UserError } from '../command/errors';
import { untilInterrupted } from '../command/interrupts';
import { workplace } from '../files/paths';
import { writeWhole } from '../files/whole-file';
import { type Comparison, comparePair, comparisonText } from '../pairs';
import { comparisonPage } from './pages/comparison-page';

function parse(argv: string[]) {
  return readArguments('compare', {
    args: argv,
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      map: { type: 'string', multiple: true, default: [] },
      'left-weights': { type: 'string' },
      'right-weights': { type: 'string' },
      python: { type: 'string' },
      samples: { type: 'string' },
      steps: { type: 'string' },
      limit: { type: 'string', default: '120' },
      output: { type: 'string' },
      verbose: { type: 'boolean' },
    },
  });
}

function count(text: string, name: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0)) {
    throw new UserError(`--${name} takes a whole number above 0, not '${text}'.`);
  }
  return value;
}

function pairing(text: string): [string, string] {
  const [left, right, ...rest] = text.split('=');
  if (!left || !right || rest.length > 0) {
    throw new UserError(`--map takes LEFT=RIGHT, not '${text}'.`);
  }
  return [left, right];
}

/** On a terminal one line, updated in place; elsewhere a line for each stage that takes some seconds. */
function stageReporter(): (line: string) => void {
  const { stderr } = process;
  let timer: NodeJS.Timeout | undefined;
  return (line) => {
    if (stderr.isTTY) stderr.write(`\r\x1b[K${line.slice(0, stderr.columns - 1)}`);
    else {
      clearTimeout(timer);
      timer = setTimeout(() => console.error(line), 3000).unref();
    }
  };
}

const pageName = (left: string, right: string): string => {
  const stem = (path: string) => basename(path, extname(path)).replace(/[^\w.-]+/g, '-');
  const folder = basename(resolve(left, '..')).replace(/[^\w.-]+/g, '-');
  return `compare-${folder}-${stem(left)}-${stem(right)}.html`;
};

/** `npm run compare`: compares two programs, prints the result, and writes the page. */
export async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  if (positionals.length !== 2) {
    throw new UserError(
      `Give two programs, not ${positionals.length}. See ${commandLine('compare', '--help')}.`,
    );
  }
  const [left, right] = positionals as [string, string];
  const steps = values.steps === undefined ? undefined : count(values.steps, 'steps');
  const samples = values.samples === undefined ? undefined : count(values.samples, 'samples');
  const map = new Map(values.map.map(pairing));
  const options = {
    python: values.python,
    limit: count(values.limit, 'limit'),
    map,
    weights: { left: values['left-weights'], right: values['right-weights'] },
    steps,
    samples,
  };
  const folder = values.output ? resolve(values.output) : join(workplace, 'reports');
  const page = join(folder, pageName(left, right));
  const shown = relative(process.cwd(), page);
  /** Writes the page and prints the result. */
  const show = (found: Comparison) => {
    writeWhole(page, comparisonPage(found));
    if (values.json) console.log(JSON.stringify({ ...found, page }, null, 1));
    else console.log(`${comparisonText(found)}\n\n→ ${shown}`);
  };
  const tell = stageReporter();
  let soFar: Comparison | undefined;
  return untilInterrupted(
    async (signal) => {
      tell('starting both programs');
      try {
        const found = await comparePair(left, right, {
          ...options,
          signal,
          reproduction: page.replace(/\.html$/, '.safetensors'),
          onProgress: tell,
          onFound: (found) => {
            soFar = found;
          },
        });
        if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
        show(found);
        return found.verdict === 'equal' ? 0 : 1;
      } catch (error) {
        if (signal.aborted && soFar) show(soFar);
        throw error;
      }
    },
    () => `Interrupted${soFar ? `; the results so far are in ${shown}` : ''}.`,
  );
}
