import * as torch from 'tandem-torch';
import type { Case, LayerCase, OptimizerCase, SchedulerCase } from './case';
import { digest, digestState, type Trace, tensorsIn } from './digest';

const { nn, optim } = torch;

const steps = 5;

function traceModule(module: torch.nn.Module, trained = ''): Trace {
  return [
    ...Array.from(module.namedParameters(), ([name, p]) => [
      `${trained}parameter ${name}`,
      digest(p),
    ]),
    ...Array.from(module.namedBuffers(), ([name, b]) => [`${trained}buffer ${name}`, digest(b)]),
  ] as Trace;
}

const outputs = (label: string, value: unknown): Trace =>
  tensorsIn(value).map((tensor, i) => [`${label} ${i}`, digest(tensor)]);

/** Whether it can require a gradient. */
const isFloating = (tensor: torch.Tensor) => tensor.isFloatingPoint();

/** Whether an input is the options of the call, which Python has as keywords. */
const isOptions = (input: unknown) =>
  typeof input === 'object' && input !== null && Object.getPrototypeOf(input) === Object.prototype;

function traceLayer({ typescript, frozen = [] }: LayerCase, seed: number): Trace {
  torch.manualSeed(seed);
  const { module, inputs: draw } = typescript();
  const trace: Trace = [['structure', String(module)], ...traceModule(module)];
  const inputs = draw();
  const leaves = inputs
    .filter((input, i) => !frozen.includes(i) && !isOptions(input))
    .flatMap(tensorsIn)
    .filter(isFloating)
    .map((input) => input.requiresGrad_());
  const parameters = module.parameters();
  const optimizer = parameters.length > 0 ? new optim.SGD(parameters, { lr: 0.01 }) : null;
  let weights: torch.Tensor[] = [];
  for (let step = 0; step < steps; step++) {
    module.zeroGrad();
    const result: unknown = module.call(...inputs);
    const learnt = tensorsIn(result).filter((t) => t.requiresGrad && isFloating(t));
    if (step === 0) {
      trace.push(...outputs('output', result));
      weights = learnt.map((output) => torch.randnLike(output));
    }
    const losses = learnt.map((output, i) => output.mul(weights[i]!).sum());
    if (losses.length > 0) losses.reduce((a, b) => a.add(b)).backward();
    if (step === 0) {
      leaves.forEach((leaf, i) => {
        trace.push([`gradient of input ${i}`, digest(leaf.grad)]);
      });
      for (const [name, parameter] of module.namedParameters()) {
        trace.push([`gradient of ${name}`, digest(parameter.grad)]);
      }
    }
    optimizer?.step();
  }
  trace.push(...traceModule(module, 'trained '));
  module.eval();
  trace.push(
    ...outputs(
      'eval output',
      torch.noGrad(() => module.call(...inputs)),
    ),
  );
  trace.push(['random numbers', digest(torch.getRngState())]);
  return trace;
}

/** The small model that optimizers and schedulers train. */
function smallModel(seed: number) {
  torch.manualSeed(seed);
  const model = new nn.Sequential(new nn.Linear(6, 5), new nn.Tanh(), new nn.Linear(5, 3));
  const [x, y] = [torch.randn(8, 6), torch.randn(8, 3)];
  const loss = (): torch.Tensor => model.call(x).sub(y).pow(2).mean();
  return { model, loss };
}

function traceOptimizer({ typescript }: OptimizerCase, seed: number): Trace {
  const { model, loss } = smallModel(seed);
  const optimizer = typescript(model.parameters(), model);
  const trace: Trace = [];
  for (let step = 0; step < steps; step++) {
    const result = optimizer.step(() => {
      optimizer.zeroGrad();
      const value = loss();
      value.backward();
      return value;
    });
    trace.push([`loss ${step}`, digest(result)]);
    trace.push(...traceModule(model, `step ${step} `));
    trace.push(...digestState(`step ${step} state`, optimizer.stateDict?.().state));
  }
  return trace;
}

/** A metric that falls, rises and stalls, equal in both languages. */
const metric = (step: number) => 1 + ((step * 7) % 5) / 10;

function traceScheduler({ typescript, metric: takesMetric }: SchedulerCase, seed: number): Trace {
  const { model, loss } = smallModel(seed);
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const scheduler = typescript(optimizer);
  const trace: Trace = [];
  for (let step = 0; step < 20; step++) {
    optimizer.zeroGrad();
    loss().backward();
    optimizer.step();
    if (takesMetric) scheduler.step(metric(step));
    else scheduler.step();
    const { lr, momentum } = optimizer.paramGroups[0]!;
    trace.push([`lr ${step}`, digest(lr)], [`momentum ${step}`, digest(momentum)]);
  }
  trace.push(...traceModule(model, 'trained '));
  return trace;
}

/** Runs a case in TypeScript, as src/parity/python/nn.py does in Python. */
export function trace(of: Case, seed: number): Trace {
  return torch.tidy(() => {
    switch (of.kind) {
      case 'optimizer':
        return traceOptimizer(of, seed);
      case 'scheduler':
        return traceScheduler(of, seed);
      default:
        return traceLayer(of, seed);
    }
  });
}
