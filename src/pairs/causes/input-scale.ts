import type { Side } from '../side';
import type { Unit } from '../units';
import { addPatch, type Cause, firstUnit, other, same, short, type Which } from './cause';

/** A number, or one for each channel. */
type Numbers = readonly number[];

interface Scale {
  readonly scale: Numbers;
  readonly offset: Numbers;
}

const combined = (a: Numbers, b: Numbers, of: (x: number, y: number) => number): Numbers =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
    of(a[i % a.length]!, b[i % b.length]!),
  );

/** The numbers that an arithmetic call adds or multiplies by; undefined where they aren't known. */
export function operand({ settings }: Unit): Numbers | undefined {
  const value = settings.arg1 ?? settings.other ?? settings.first;
  if (typeof value === 'number') return [value];
  const list = Array.isArray(value) ? value : (value as { values?: unknown } | null)?.values;
  const numbers = Array.isArray(list) ? (list.flat(9) as unknown[]) : [];
  return numbers.length > 0 && numbers.every((one) => typeof one === 'number')
    ? (numbers as number[])
    : undefined;
}

/** What a model does to its input before its first layer: x · scale + offset. */
function inputScale({ units }: Side): { scale: Scale; units: readonly Unit[] } {
  let [scale, offset]: Numbers[] = [[1], [0]] as [Numbers, Numbers];
  const seen: Unit[] = [];
  let unit = units.find(({ sources }) => sources[0] === -1);
  // Resizing is a mean of pixels, so that it doesn't matter which comes first.
  while (unit && ['arithmetic', 'shape', 'upsample'].includes(unit.kind)) {
    const { index, kind, settings } = unit;
    if (kind === 'arithmetic') {
      const multiply = (by: Numbers) => {
        scale = combined(scale!, by, (x, y) => x * y);
        offset = combined(offset!, by, (x, y) => x * y);
      };
      const add = (by: Numbers) => {
        offset = combined(offset!, by, (x, y) => x + y);
      };
      const value = operand(unit);
      if (settings.fn === 'whole') {
        if (settings.divides && !value) break;
        if (settings.divides) multiply(value!.map((x) => 1 / x));
      } else if (settings.fn === 'scale') {
        multiply([settings.scale].flat() as number[]);
        add([settings.offset ?? 0].flat() as number[]);
      } else if (!value) break;
      else if (settings.fn === 'multiply') multiply(value);
      else if (settings.fn === 'divide') multiply(value.map((x) => 1 / x));
      else if (settings.fn === 'add') add(value);
      else if (settings.fn === 'subtract') {
        if (settings.reversed) multiply([-1]);
        add(settings.reversed ? value : value.map((x) => -x));
      } else break;
      seen.push(unit);
    }
    unit = units.find(({ sources }) => sources[0] === index);
  }
  return { scale: { scale: scale!, offset: offset! }, units: seen };
}

export const inputScaleDiffers: Cause = {
  name: 'input-scale',
  summary:
    'One model scales its inputs, such as pixels by 1/255 or by a mean and a deviation, and the other doesn’t, or otherwise.',
  sources: [
    'https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/',
    'https://keras.io/api/layers/preprocessing_layers/numerical/normalization/',
    'https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Normalize.html',
  ],
  find(view) {
    const found = { left: inputScale(view.left), right: inputScale(view.right) };
    const { changed } = view;
    // What the program does before it binds its inputs, its channels in the changed side's order.
    const before = (which: Which): Scale => {
      const { scale = [1], offset = [0], turned } = view[which].prepared ?? {};
      return turned && which !== changed
        ? { scale: [...scale].reverse(), offset: [...offset].reverse() }
        : { scale, offset };
    };
    const whole = (which: Which): Scale => {
      const [first, then] = [before(which), found[which].scale];
      return {
        scale: combined(first.scale, then.scale, (x, y) => x * y),
        offset: combined(
          combined(first.offset, then.scale, (x, y) => x * y),
          then.offset,
          (x, y) => x + y,
        ),
      };
    };
    const wholes = { left: whole('left'), right: whole('right') };
    const [own, wanted] = [wholes[changed], wholes[other(changed)]];
    const alike = (a: Numbers, b: Numbers) =>
      combined(a, b, (x, y) => (same(x, y) || Math.abs(x - y) < 1e-6 ? 0 : 1)).every(
        (x) => x === 0,
      );
    if (alike(own.scale, wanted.scale) && alike(own.offset, wanted.offset)) return [];
    const numbers = (list: Numbers) =>
      list.length > 1 ? `[${list.map(short).join(', ')}]` : short(list[0]);
    const text = (which: Which) => {
      const { scale, offset } = wholes[which];
      const bound = view[which].prepared ? ', as its program binds them' : '';
      return alike(scale, [1]) && alike(offset, [0])
        ? 'takes inputs as they are'
        : `x · ${numbers(scale)}${alike(offset, [0]) ? '' : ` + ${numbers(offset)}`}${bound}`;
    };
    const factor = combined(wanted.scale, own.scale, (x, y) => x / y);
    // Of W·x + V, from a·x + b that the model then takes as s·x + o.
    const model = found[changed].scale;
    const more = combined(wanted.offset, model.offset, (x, y) => x - y);
    const offset = combined(
      combined(more, model.scale, (x, y) => x / y),
      combined(factor, before(changed).offset, (x, y) => x * y),
      (x, y) => x - y,
    );
    const { inputLast, framework } = view[changed];
    const first = firstUnit(view[changed]);
    const plain = (list: Numbers) => (list.length === 1 ? list[0]! : list);
    return first
      ? [
          {
            name: 'input-scale',
            left: text('left'),
            right: text('right'),
            places: [
              ...(['left', 'right'] as const).flatMap((which) => [
                found[which].units[0]?.call.place ?? null,
                view[which].prepared ? (view[which].description.places?.inputs ?? null) : null,
              ]),
            ],
            fix: { left: text('right'), right: text('left') },
            apply: (plan) =>
              addPatch(plan[view.changed], first.call.key, {
                input: [
                  {
                    scale: plain(factor),
                    offset: plain(offset),
                    axis:
                      framework === 'keras' || inputLast || (first.call.in[0]?.length ?? 0) < 3
                        ? -1
                        : 1,
                  },
                ],
              }),
          },
        ]
      : [];
  },
};
