import type { Side } from '../side';
import { type Cause, other, type Which } from './cause';

const of = ({ description }: Side): string => description.precision ?? 'float32';
const bits = (side: Side): number => Number(/\d+/.exec(of(side))![0]);

/** Whether a side computes in another precision than the other, and not in the better one of both. */
export const lessPrecise = (sides: Record<Which, Side>, which: Which): boolean => {
  const [own, wanted] = [sides[which], sides[other(which)]];
  return of(own) !== of(wanted) && bits(own) <= bits(wanted);
};

/** How a side's program comes to a precision. */
function code(side: Side, wanted: string): string {
  if (side.framework === 'torch') {
    const short: Record<string, string> = { float16: 'half', float32: 'float', float64: 'double' };
    return `model.${short[wanted] ?? wanted}()`;
  }
  return wanted.includes('16')
    ? `keras.config.set_dtype_policy("${wanted}") before the model is made`
    : `keras.config.set_floatx("${wanted}") and no other dtype policy`;
}

export const precision: Cause = {
  name: 'precision',
  summary:
    'The models compute in floats of different sizes: float64 has 16 digits, float32 seven, float16 three, bfloat16 two.',
  sources: [
    'https://keras.io/api/mixed_precision/',
    'https://keras.io/api/utils/config_utils/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.half',
  ],
  // Seven digits beside sixteen, in the outputs of a few layers.
  tolerance: 1e-9,
  find(view) {
    if (of(view.left) === of(view.right)) return [];
    const place = (which: Which) => view[which].description.places?.model ?? null;
    return [
      {
        name: 'precision',
        left: of(view.left),
        right: of(view.right),
        places: [place('left'), place('right')],
        fix: { left: code(view.left, of(view.right)), right: code(view.right, of(view.left)) },
        apply(plan) {
          delete plan.left.precision;
          delete plan.right.precision;
        },
      },
    ];
  },
};
