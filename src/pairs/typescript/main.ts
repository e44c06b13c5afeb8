import { dirname, resolve } from 'node:path';
import type { NDArray } from '../arrays';
import { dataBeside, loadProgram, ProgramError, placeOf, teachRequire } from './loader';
import { receive, send } from './pipe';
import type { TfjsProgram } from './tfjs-program';
import type { TorchProgram } from './torch-program';
import { given } from './values';

/**
 * The process that holds TypeScript programs for the Python adapters: it says what a program's model
 * is made of and which calls it makes, so that Python can make the same ones, and what it computes.
 */

type Answer = { result: unknown; arrays: ReadonlyMap<string, NDArray> };
type Arrays = ReadonlyMap<string, NDArray>;

let torchProgram: TorchProgram | undefined;
let tfjsProgram: TfjsProgram | undefined;

const refuse = (what: string) => () => {
  throw new ProgramError(
    `it trains when it is imported (${what}). Put that into a function that is not called`,
    placeOf(),
  );
};

/** Loads one framework only, and once. */
const frameworks: { torch?: ReturnType<typeof startTorch>; keras?: ReturnType<typeof startTfjs> } =
  {};

function startTorch() {
  const torch = require('tandem-torch') as typeof import('tandem-torch');
  const { listen } = require('./torch-recorder') as typeof import('./torch-recorder');
  const { TorchProgram: Program } = require('./torch-program') as typeof import('./torch-program');
  const heard = listen();
  const steps = [...new Set(Object.values(torch.optim))].flatMap((type) =>
    typeof type === 'function' && type.prototype && 'step' in type.prototype
      ? [type.prototype as { step: unknown }]
      : [],
  );
  return {
    packages: (request: string) =>
      /^(tandem\/torch|tandem-torch)$/.test(request) ? heard : undefined,
    async load(path: string) {
      torch.manualSeed(0);
      const own = steps.map((prototype) => Object.getOwnPropertyDescriptor(prototype, 'step'));
      for (const prototype of steps) {
        Object.defineProperty(prototype, 'step', {
          value: refuse('optimizer.step()'),
          configurable: true,
          writable: true,
        });
      }
      try {
        return await loadProgram(path, this.packages);
      } finally {
        steps.forEach((prototype, i) => {
          if (own[i]) Object.defineProperty(prototype, 'step', own[i]);
          else delete (prototype as { step?: unknown }).step;
        });
      }
    },
    program: (exported: Record<string, unknown>, path: string) => new Program(exported, path),
    tensor({ shape, data }: NDArray) {
      const tensor = torch.fromNumpy(data as never).reshape([...shape]);
      return data instanceof Int32Array ? tensor.long() : tensor.clone();
    },
  };
}

function startTfjs() {
  const { tf, ...own } = require('../../tensorflow') as typeof import('../../tensorflow');
  const { TfjsProgram: Program } = require('./tfjs-program') as typeof import('./tfjs-program');
  const { listenToLosses, listened } = require('./tfjs-loss') as typeof import('./tfjs-loss');
  listenToLosses(tf);
  const places = new Map<object, string>();
  // Layers as the program makes them, each with its line.
  const layers = Object.fromEntries(
    Object.entries(tf.layers).map(([name, make]) => [
      name,
      typeof make !== 'function' || /^[A-Z]/.test(name)
        ? make
        : (...args: unknown[]) => {
            const layer = (make as (...args: unknown[]) => object)(...args);
            const place = placeOf();
            if (place) places.set(layer, place);
            return layer;
          },
    ]),
  );
  const heard = Object.defineProperty({ ...tf, layers }, '__esModule', { value: true });
  const tandem = {
    ...own,
    tf: heard,
    __esModule: true,
    softmaxCrossEntropyWithLogits: listened(
      'tandem',
      'softmaxCrossEntropyWithLogits',
      own.softmaxCrossEntropyWithLogits as never,
    ),
  };
  const packages = (request: string) =>
    /^@tensorflow\/tfjs(-node|-node-gpu)?$/.test(request)
      ? heard
      : request === 'tandem/tensorflow'
        ? tandem
        : undefined;
  return {
    async load(path: string) {
      tf.disposeVariables();
      if (path.endsWith('.json')) return { model: await tf.loadLayersModel(`file://${path}`) };
      const prototype = tf.LayersModel.prototype as unknown as Record<string, unknown>;
      const trained = ['fit', 'fitDataset', 'trainOnBatch'].map((n) => [n, prototype[n]] as const);
      for (const [name] of trained) prototype[name] = refuse(`model.${name}()`);
      try {
        return await loadProgram(path, packages);
      } finally {
        for (const [name, method] of trained) prototype[name] = method;
      }
    },
    program: (exported: Record<string, unknown>, path: string) =>
      new Program(tf, exported, path, places),
  };
}

function data(exported: Record<string, unknown>, path: string): Map<string, NDArray> {
  const found = new Map<string, NDArray>();
  const beside = path.endsWith('.json') ? undefined : dataBeside(path);
  for (const name of ['inputs', 'targets']) {
    const array = given(exported[name]) ?? given(beside?.[name]);
    if (array) found.set(`given:${name}`, array);
  }
  return found;
}

async function load(path: string, framework: 'torch' | 'keras'): Promise<Answer> {
  torchProgram = tfjsProgram = undefined;
  const whole = resolve(path);
  process.chdir(dirname(whole));
  if (framework === 'torch') {
    frameworks.torch ??= startTorch();
    const exported = await frameworks.torch.load(whole);
    torchProgram = frameworks.torch.program(exported, whole);
    const { result, arrays } = torchProgram.describe();
    return { result, arrays: new Map([...arrays, ...data(exported, whole)]) };
  }
  frameworks.keras ??= startTfjs();
  const exported = await frameworks.keras.load(whole);
  tfjsProgram = frameworks.keras.program(exported, whole);
  const { result, arrays } = tfjsProgram.describe();
  return { result, arrays: new Map([...arrays, ...data(exported, whole)]) };
}

/** The arrays whose names begin with a word, in their order. */
const some = (arrays: Arrays, start: string): NDArray[] =>
  [...arrays].filter(([name]) => name.startsWith(start)).map(([, array]) => array);

const handlers: Record<
  string,
  (content: Record<string, unknown>, arrays: Arrays) => Answer | Promise<Answer>
> = {
  load: ({ path, framework }) => load(path as string, framework as 'torch' | 'keras'),
  record({ training }, arrays) {
    const inputs = some(arrays, 'inputs').map(frameworks.torch!.tensor);
    const { calls, output, constants } = torchProgram!.record(training as boolean, inputs);
    return { result: { calls, output }, arrays: constants };
  },
  recordLoss(_, arrays) {
    const [output] = some(arrays, 'output').map(frameworks.torch!.tensor);
    const [target] = some(arrays, 'target').map(frameworks.torch!.tensor);
    const found = torchProgram!.recordLoss(output!, target!);
    return { result: { calls: found.calls, output: found.output }, arrays: found.constants };
  },
  run(_, arrays) {
    const inputs = some(arrays, 'inputs');
    if (tfjsProgram) return tfjsProgram.run(inputs);
    const [target] = some(arrays, 'target').map(frameworks.torch!.tensor);
    const weights = new Map(
      [...arrays].flatMap(([name, array]) =>
        name.startsWith('start:')
          ? [[name.slice(6), frameworks.torch!.tensor(array)] as const]
          : [],
      ),
    );
    return torchProgram!.run(inputs.map(frameworks.torch!.tensor), target, weights);
  },
};

function described(error: unknown) {
  if (error instanceof ProgramError) return { message: error.message, place: error.place };
  if (!(error instanceof Error)) return { message: String(error) };
  const [first = ''] = error.message.split('\n').filter((line) => line.trim());
  return {
    message: first ? `${error.name}: ${first}` : error.name,
    place: placeOf(error.stack),
    trace: error.stack,
  };
}

async function serve(): Promise<void> {
  teachRequire();
  process.exit = ((code?: number) => {
    throw new ProgramError(`it calls exit(${code ?? ''})`, placeOf());
  }) as never;
  for (let message = receive(); message; message = receive()) {
    const { do: what, ...content } = message.content;
    try {
      const { result, arrays } = await handlers[what as string]!(content, message.arrays);
      send({ content: { result }, arrays });
    } catch (error) {
      send({ content: { error: described(error) }, arrays: new Map() });
    }
  }
  process.reallyExit(0);
}

declare global {
  namespace NodeJS {
    interface Process {
      reallyExit(code: number): never;
    }
  }
}

process.on('unhandledRejection', () => {});
void serve();
