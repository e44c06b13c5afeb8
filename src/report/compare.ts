import { basename, extname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../errors';
import { untilInterrupted } from '../interrupts';
import { comparePair, comparisonText } from '../pairs';
import { inProject } from '../paths';
import { writeWhole } from '../whole-file';
import { comparisonPage } from './comparison-page';

const usage = `npm run compare -- LEFT RIGHT [--json] [--map LEFT=RIGHT …] [--python FILE] [--steps N]

Compares two programs whose models should be one, and says what differs, proves it and names the fix.
Each program binds \`model\`, and where it has them \`optimizer\`, \`loss\`, \`inputs\` and \`targets\`.
A data.py beside it may bind inputs and targets for both. See docs/pairs.md.

--json      one object instead of text
--map a=b   layer a of the left is layer b of the right; may be given several times
--python    the Python that runs .py programs, where their packages are; .venv's by default
--samples   samples of the batch, where the programs give no inputs
--steps     steps of the loss curves; by default 100, and 1 for more than 5 million parameters
--limit     seconds that a program may take for one answer; 120 by default
--output    folder of the page; reports by default

Exit code 0: equal. 1: equal after changes, or different. 2: the call or a program was wrong.`;

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        map: { type: 'string', multiple: true, default: [] },
        python: { type: 'string' },
        samples: { type: 'string' },
        steps: { type: 'string' },
        limit: { type: 'string', default: '120' },
        output: { type: 'string' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UserError(
      `${(error as Error).message.split(/\.\s|\n/)[0]}. See npm run compare -- --help.`,
    );
  }
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

/** On a terminal one line that changes; elsewhere nothing. */
function tell(line: string): void {
  const { stderr } = process;
  if (stderr.isTTY) stderr.write(`\r\x1b[K${line.slice(0, stderr.columns - 1)}`);
}

const pageName = (left: string, right: string): string => {
  const stem = (path: string) => basename(path, extname(path)).replace(/[^\w.-]+/g, '-');
  const folder = basename(resolve(left, '..')).replace(/[^\w.-]+/g, '-');
  return `compare-${folder}-${stem(left)}-${stem(right)}.html`;
};

/** `npm run compare`: compares two programs, prints what was found, and writes the page. */
export async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 2) {
    throw new UserError(
      `Give two programs, not ${positionals.length}. See npm run compare -- --help.`,
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
    steps,
    samples,
  };
  return untilInterrupted(async (signal) => {
    tell('starting both programs');
    const found = await comparePair(left, right, { ...options, signal, onProgress: tell });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    const folder = values.output ? resolve(values.output) : inProject('reports');
    const page = join(folder, pageName(left, right));
    writeWhole(page, comparisonPage(found));
    if (values.json) console.log(JSON.stringify({ ...found, page }, null, 1));
    else console.log(`${comparisonText(found)}\n\n→ ${relative(process.cwd(), page)}`);
    return found.verdict === 'equal' ? 0 : 1;
  });
}
