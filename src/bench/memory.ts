/**
 * The memory growth of training: `node memory.js [tidy]` trains the article's PyTorch model for 20,000
 * steps, with or without `torch.tidy` around each, and prints the resident memory.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as torch from 'tandem-torch';
import { CNNModel, criterion } from '../models/pytorch';
import { pytorchRecipe } from '../training/recipe';

const steps = 20_000;
/** Steps after which libraries and caches have reached their size. */
const warmUp = 1000;

export interface MemoryResult {
  readonly workload: 'memory';
  readonly tidy: boolean;
  readonly steps: number;
  /** Resident memory after the first 1,000 steps, in MB (2²⁰ bytes). */
  readonly resident: number;
  /** Largest growth over that at any later thousandth step, in MB. */
  readonly growth: number;
}

function train(tidy: boolean): MemoryResult {
  torch.manualSeed(0);
  const model = new CNNModel(pytorchRecipe);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: pytorchRecipe.learningRate });
  const lossOf = criterion(pytorchRecipe);
  const { batchSize, imageSize } = pytorchRecipe;
  const x = torch.randn(batchSize, 1, imageSize, imageSize);
  const y = torch.randint(10, [batchSize]);
  const step = () => {
    optimizer.zeroGrad();
    const loss = lossOf(model.call(x), y);
    loss.backward();
    optimizer.step();
    return loss.item();
  };
  const megabytes = () => process.memoryUsage.rss() / 2 ** 20;
  let resident = 0;
  let growth = 0;
  for (let count = 1; count <= steps; count++) {
    if (tidy) torch.tidy(step);
    else step();
    if (count === warmUp) resident = megabytes();
    else if (count > warmUp && count % 1000 === 0)
      growth = Math.max(growth, megabytes() - resident);
  }
  return { workload: 'memory', tidy, steps, resident, growth };
}

const run = promisify(execFile);

/** Measures both, each in its own process. */
export async function measureMemory(log: (line: string) => void): Promise<MemoryResult[]> {
  const results: MemoryResult[] = [];
  for (const tidy of [false, true]) {
    log(`memory: ${steps} training steps ${tidy ? 'with' : 'without'} tidy …`);
    const { stdout } = await run(process.execPath, [__filename, ...(tidy ? ['tidy'] : [])]);
    const result: MemoryResult = JSON.parse(stdout);
    log(`memory: ${result.resident.toFixed(0)} MB, grown by ${result.growth.toFixed(1)} MB`);
    results.push(result);
  }
  return results;
}

if (require.main === module) console.log(JSON.stringify(train(process.argv[2] === 'tidy')));
