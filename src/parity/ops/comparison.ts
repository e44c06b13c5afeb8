import * as torch from 'tandem-torch';
import { failureDifference } from './failures';
import type { Frame, Sample, Written } from './frames';
import type { Twin } from './surface';
import { Arguments, difference, Unsupported } from './values';
import { variantDifference } from './variants';

const { Tensor } = torch;

/** How one sample compares: `unsupported` where ours could not be called at all. */
export interface Outcome {
  readonly kind: 'identical' | 'different' | 'unsupported';
  readonly reason?: string;
}

const identical: Outcome = { kind: 'identical' };
const different = (reason: string): Outcome => ({ kind: 'different', reason });

/** The same numbers as Python's `cotangent`: -0.75, -0.625, …, 0.75, and again. */
function cotangent(x: torch.Tensor): torch.Tensor {
  const complex = x.isComplex();
  const dtype = complex ? torch.real(x).dtype : x.dtype;
  const count = x.numel() * (complex ? 2 : 1);
  const line = torch.arange(count).remainder(13).sub(6).div(8).to(x.device, dtype);
  return complex ? torch.viewAsComplex(line.view([...x.shape, 2])) : line.view(x.shape);
}

function* differentiable(value: unknown): Generator<torch.Tensor> {
  if (Array.isArray(value)) for (const item of value) yield* differentiable(item);
  else if (value instanceof Tensor && value.requiresGrad && value.layout === 'strided') yield value;
}

/** Whether an error says that the arguments fit no overload, rather than that the operator rejected them. */
const isBinding = (error: unknown): boolean =>
  error instanceof Unsupported ||
  !(error instanceof torch.TorchError) ||
  /no overload takes|must be|missing required|unexpected option|not supported|too many arguments/.test(
    error.message,
  );

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0]!;

/** Makes the call of a sample and compares the results, forward and backward. */
export function compareSample(twin: Twin, frame: Frame, sample: Sample, seed: number): Outcome {
  const args = new Arguments(frame.bytes, twin.exactFloats);
  let result: unknown;
  try {
    const positional = sample.args.map((value) => args.read(value));
    const options = args.options(sample.kwargs);
    torch.manualSeed(seed);
    result = twin.call(positional, options);
  } catch (error) {
    if (sample.error) {
      const reason = failureDifference(error, sample.error);
      return reason ? different(reason) : identical;
    }
    return { kind: isBinding(error) ? 'unsupported' : 'different', reason: firstLine(error) };
  }
  if (sample.error) return different(`no error; Python's is '${sample.error.message}'`);
  const reason =
    difference(result, sample.result as Written, frame.bytes) ??
    gradientDifference(result, args.leaves, frame, sample) ??
    variantDifference(frame, twin, sample, seed);
  return reason ? different(reason) : identical;
}

function gradientDifference(
  result: unknown,
  leaves: torch.Tensor[],
  frame: Frame,
  sample: Sample,
): string | null {
  const outputs = [...differentiable(result)];
  if (outputs.length !== sample.differentiable) {
    return `${outputs.length} differentiable results instead of ${sample.differentiable}`;
  }
  for (const [attempt, { gradients, error }] of (sample.backward ?? []).entries()) {
    const chosen = attempt === 0 ? outputs : outputs.slice(0, 1);
    let ours: unknown;
    try {
      ours = torch.autograd.grad(chosen, leaves, {
        gradOutputs: chosen.map(cotangent),
        retainGraph: true,
        allowUnused: true,
      });
    } catch (thrown) {
      if (!error) return `backward: ${firstLine(thrown)}`;
      const reason = failureDifference(thrown, error);
      if (reason) return `backward: ${reason}`;
      continue;
    }
    if (error) return `backward without the error '${error.message}'`;
    const reason = difference(ours, gradients as Written, frame.bytes);
    if (reason) return `gradient ${reason.replace(/^result /, '')}`;
  }
  return null;
}
