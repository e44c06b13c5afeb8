/**
 * Measures a framework from TypeScript, in its own process: `node measure.js FRAMEWORK PLAN` starts it,
 * trains its program, makes its mistakes, and prints the measurements. Its Python counterpart is
 * measure.py. It loads only that framework.
 */
import { readFileSync } from 'node:fs';
import type { Measured, Mistake, Plan } from './process';

/** The interface of the programs; the data have the type that `prepare` returns. */
interface Program {
  prepare(pixels: Float32Array, labels: Uint8Array): unknown;
  build(): unknown;
  train(model: unknown, data: unknown): void | Promise<void>;
  accuracy(model: unknown, data: unknown): number;
}

type Mistakes = Readonly<Record<string, () => unknown>>;

interface Framework {
  readonly program: Program;
  readonly mistakes: Mistakes;
  readonly seed: (seed: number) => void;
  /** Runs work and frees the tensors that it does not return. */
  readonly tidy: <T>(work: () => T) => T;
  /** Frees the data of `prepare`. */
  readonly free: (data: unknown) => void;
}

const frameworks: Readonly<Record<string, () => Promise<Framework>>> = {
  pytorch: async () => ({
    program: (await import('./programs/pytorch-model.js')) as unknown as Program,
    mistakes: (await import('./programs/pytorch-mistakes.js')).mistakes,
    seed: (await import('tandem-torch')).manualSeed,
    tidy: (await import('tandem-torch')).tidy as Framework['tidy'],
    free: (data) => {
      for (const tensor of (data as { tensors: { dispose(): void }[] }).tensors) tensor.dispose();
    },
  }),
  tensorflow: async () => ({
    program: (await import('./programs/tensorflow-model.js')) as unknown as Program,
    mistakes: (await import('./programs/tensorflow-mistakes.js')).mistakes,
    // TensorFlow.js has no global seed.
    seed: () => {},
    tidy: (await import('../../tensorflow/index.js')).tf.tidy as Framework['tidy'],
    free: (await import('../../tensorflow/index.js')).tf.dispose as Framework['free'],
  }),
};

/** A line of /proc/self/status in MB (2²⁰ bytes). VmHWM is the process's peak, VmRSS its current memory. */
function memory(line: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)![1]) / 1024;
}

async function made(mistake: () => unknown): Promise<Mistake> {
  try {
    const result = (await mistake()) as { history?: { loss?: number[] } } | null;
    return { error: null, loss: result?.history?.loss?.[0] ?? null };
  } catch (error) {
    return { error: String(error), loss: null };
  }
}

async function main(framework: string, plan: Plan): Promise<Measured> {
  const { program, mistakes, seed, tidy, free } = await frameworks[framework]!();
  tidy(() => void program.prepare(new Float32Array(784), new Uint8Array(1)));
  const startUp = Date.now() / 1000 - plan.started;
  const startMemory = memory('VmRSS');

  const read = (name: string) => {
    const pixels = readFileSync(`${plan.folder}/${name}.images`);
    const labels = readFileSync(`${plan.folder}/${name}.labels`);
    return (start: number, end: number) =>
      program.prepare(
        Float32Array.from(pixels.subarray(784 * start, 784 * end), (grey) => grey / 255),
        new Uint8Array(labels.subarray(start, end)),
      );
  };
  seed(plan.seed);
  const model = program.build();
  const training = read('training');
  const validation = read('validation')(0, plan.validationImages);
  const chunks: { seconds: number; accuracy: number }[] = [];
  for (let chunk = 0; chunk < plan.chunks; chunk++) {
    const data = training(chunk * plan.chunkImages, (chunk + 1) * plan.chunkImages);
    const start = performance.now();
    await program.train(model, data);
    const seconds = (performance.now() - start) / 1000;
    const accuracy = tidy(() => program.accuracy(model, validation));
    free(data);
    chunks.push({ seconds, accuracy });
    if (accuracy >= plan.goal && chunks.length >= plan.leastChunks) break;
  }
  const peakMemory = memory('VmHWM');
  const found: Record<string, Mistake> = {};
  if (plan.mistakes) {
    for (const [name, mistake] of Object.entries(mistakes)) found[name] = await made(mistake);
  }
  const { user, system } = process.cpuUsage();
  const processor = (user + system) / 1e6;
  return { startUp, startMemory, peakMemory, chunks, mistakes: found, processor };
}

main(process.argv[2]!, JSON.parse(process.argv[3]!)).then((measured) =>
  console.log(JSON.stringify(measured)),
);
