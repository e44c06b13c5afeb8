import * as torch from 'tandem-torch';
import { member } from './call';
import { failureDifference } from './failures';
import type { Frame, Other, Sample, Written, WrittenObject, WrittenTensor } from './frames';
import type { Twin } from './surface';
import { Arguments, camel, difference } from './values';

const { Tensor } = torch;

interface Variant {
  /** Python's result; undefined if Python has no such variant. */
  readonly expected: (frame: Frame, sample: Sample) => Other | undefined;
  /** Makes the call and returns the written tensor. */
  readonly call: (
    frame: Frame,
    twin: Twin,
    args: unknown[],
    options: Record<string, unknown>,
    result: WrittenTensor,
  ) => unknown;
}

/** The other ways to the same result. */
const variants: Readonly<Record<string, Variant>> = {
  'as a method': {
    expected: ({ method, target }) => (method && camel(target) in Tensor.prototype) || undefined,
    call: ({ target }, _, args, options) => member(camel(target))(args, options),
  },
  'into out': {
    expected: (_, { out }) => out,
    call: (_, twin, args, options, { dtype, device = 'cpu' }) => {
      const out = torch.empty([0], {
        dtype: dtype as torch.DType,
        device: device as torch.Device,
      });
      const ours = torch.noGrad(() => twin.call(args, { ...options, out }));
      return ours instanceof Tensor && ours.is(out) ? out : 'not the tensor given as out';
    },
  },
  'in place': {
    expected: (_, { inPlace }) => inPlace,
    call: ({ op, target }, twin, [self, ...rest], options) =>
      torch.noGrad(() => {
        const copy = (self as torch.Tensor).clone();
        const ours = op.startsWith('nn.functional')
          ? twin.call([copy, ...rest], { ...options, inplace: true })
          : member(`${camel(target)}_`)([copy, ...rest], options);
        return ours === copy ? copy : 'not the tensor itself';
      }),
  },
};

/** A result without its strides, which are the target's if there is one. */
function anyStrides(result: Written): Written {
  const tensor = (result as WrittenObject | null)?.tensor as WrittenTensor | undefined;
  if (!tensor) return result;
  const { strides: _, ...rest } = tensor;
  return { tensor: rest };
}

/** The difference when an operator is called other than as a function; null if there is none. */
export function variantDifference(
  frame: Frame,
  twin: Twin,
  sample: Sample,
  seed: number,
): string | null {
  if (twin.arranged) return null;
  for (const [name, { expected, call }] of Object.entries(variants)) {
    const other = expected(frame, sample);
    if (!other) continue;
    const found = variantDiffers(frame, twin, sample, seed, other, call);
    if (found) return `${name}: ${found}`;
  }
  return null;
}

function variantDiffers(
  frame: Frame,
  twin: Twin,
  sample: Sample,
  seed: number,
  other: Other,
  call: Variant['call'],
): string | null {
  const read = new Arguments(frame.bytes, twin.exactFloats);
  const args = sample.args.map((value) => read.read(value));
  const options = read.options(sample.kwargs);
  const result = sample.result!;
  const tensor = (result as WrittenObject | null)?.tensor as WrittenTensor;
  let ours: unknown;
  try {
    torch.manualSeed(seed);
    ours = call(frame, twin, args, options, tensor);
  } catch (error) {
    if (other !== true && other.error) return failureDifference(error, other.error);
    return (error as Error).message.split('\n')[0]!;
  }
  if (other !== true && other.error) return `no error; Python's is '${other.error.message}'`;
  return difference(ours, anyStrides(other === true ? result : other.result!), frame.bytes);
}
