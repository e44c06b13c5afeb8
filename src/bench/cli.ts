import { cpus } from 'node:os';
import { median } from 'simple-statistics';
import { readArguments, wholeNumber } from '../command/arguments';
import { UserError } from '../command/errors';
import { type HeadlessResult, measureHeadless } from './headless';
import { measureKernel } from './kernel';
import { linesOf, measure, type Result, withRatio } from './measure';
import { type MemoryResult, measureMemory } from './memory';
import { workloadNames } from './workloads';

/** Workloads that run only if `--workload` names them. */
const named = ['memory', 'headless', 'kernel'];

function parse(argv: string[]) {
  return readArguments('bench', {
    args: argv,
    options: {
      workload: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '5' },
      json: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  }).values;
}

/** `npm run bench`; 1 if Python and TypeScript computed different numbers. */
export async function main(argv: string[]): Promise<number> {
  const values = parse(argv);
  const rounds = wholeNumber('rounds', values.rounds, 1);
  const chosen = values.workload ?? workloadNames;
  const unknown = chosen.find((name) => ![...workloadNames, ...named].includes(name));
  if (unknown) {
    throw new UserError(
      `Unknown workload '${unknown}'. Choose ${[...workloadNames, ...named].join(', ')}.`,
    );
  }
  let code = 0;
  const results: (Result | MemoryResult | HeadlessResult)[] = [];
  for (const workload of chosen) {
    if (workload === 'memory') {
      results.push(...(await measureMemory((line) => console.error(line))));
      continue;
    }
    if (workload === 'headless') {
      const result = await measureHeadless(rounds, median);
      results.push(result);
      const { script, notebook, overhead, processorOverhead, start } = result;
      console.error(
        `headless         script ${median(script.training).toFixed(3)} s, notebook ` +
          `${median(notebook.training).toFixed(3)} s, overhead ${(100 * overhead).toFixed(1)} % ` +
          `(${(100 * processorOverhead).toFixed(1)} % of processor time), starting costs ${start.toFixed(1)} s more`,
      );
      continue;
    }
    const found =
      workload === 'kernel'
        ? (await measureKernel(rounds)).map(withRatio)
        : [await measure(workload, rounds)];
    results.push(...found);
    for (const result of found) {
      for (const line of linesOf(result)) console.error(line);
      if (result.equal === false) code = 1;
    }
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
  if (values.json) console.log(JSON.stringify({ machine, rounds, results }, null, 1));
  return code;
}
