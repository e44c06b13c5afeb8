import type { NDArray } from './arrays';
import { drawInputs, drawTargets, givenInputs } from './batch';
import type { Which } from './causes';
import { asInputs, type Description, type Forward, type Side } from './side';

/** Gives both sides one batch, and learns from it what their models do. */
export async function feed(sides: Record<Which, Side>, samples?: number): Promise<void> {
  const both = [sides.left, sides.right];
  const inputs = drawInputs(both, samples);
  for (const side of both) {
    if (side.framework === 'keras' && side.description.weights.length === 0) {
      const named = new Map(inputs.map((array, i) => [`inputs.${i}`, array]));
      const { result, arrays } = await side.program.ask<Description>({ do: 'build' }, named);
      side.description = result;
      side.start = new Map([...side.start, ...arrays]);
    }
  }
  // What a PyTorch program gives has PyTorch's layout.
  const torchs = both.some((side) => side.framework === 'torch' && givenInputs(side));
  await Promise.all(both.map((side) => feedInputs(side, givenInputs(side) ?? inputs, torchs)));
  const count = inputs[0]!.shape[0]!;
  if (!both.every(({ description }) => description.loss) || !oneInput(sides)) return;
  const targets = drawTargets(sides, count)!;
  await Promise.all(
    (['left', 'right'] as const).map(async (which) => {
      const side = sides[which];
      await side.program.ask({ do: 'data' }, new Map([['targets', targets[which]]]));
      const { result } = await side.program.ask<Forward>({
        do: 'forward',
        record: true,
        keep: [],
        loss: true,
        lossMayFail: true,
      });
      side.seen(result);
    }),
  );
}

/** Whether both models take one batch. */
export const oneInput = ({ left, right }: Record<Which, Side>): boolean =>
  left.inputShape.join() === right.inputShape.join();

/** One input's shape as Keras has it, where a program gave its inputs in PyTorch's layout. */
function shapeInKeras(
  { framework, inputLast }: Side,
  shape: readonly number[],
  torchs: boolean,
): number[] {
  const own = shape.slice(1);
  const given = framework === 'torch' && torchs && inputLast && own.length === 3;
  return given && own[0]! < own[2]! ? [own[1]!, own[2]!, own[0]!] : own;
}

/** Tries the layouts that a model may take its inputs in; the first that runs is its own. */
async function feedInputs(side: Side, inputs: readonly NDArray[], torchs: boolean): Promise<void> {
  const deep =
    inputs.some(({ shape }) => shape.length > 3) ||
    (inputs.some(({ shape }) => shape.length === 3) &&
      side.framework === 'torch' &&
      /conv1d/i.test(JSON.stringify((side.description as { modules?: unknown }).modules)));
  const layouts = side.framework === 'keras' || !deep ? [true, false] : [false, true];
  let failure: unknown;
  await side.program.ask({ do: 'prepare' });
  for (const last of layouts) {
    const named = new Map(inputs.map((array, i) => [`inputs.${i}`, asInputs(array, last)]));
    await side.program.ask({ do: 'data' }, named);
    side.inputLast = last && inputs.some(({ shape }) => shape.length > 3);
    try {
      const { result } = await side.program.ask<Forward>({ do: 'forward', record: true, keep: [] });
      side.batch = [...named.values()];
      side.samples = inputs[0]!.shape[0]!;
      side.inputShape = shapeInKeras(side, inputs[0]!.shape, torchs);
      side.seen(result);
      // Reshaped to the shape that it has, it was meant to come with the channels last.
      const [first] = side.calls;
      const still = first && /^(view|reshape)$/.test(first.type) && first.in[0]?.length === 4;
      const channelsFirst = !last && givenInputs(side) && first?.in[0]?.[1] !== 1;
      if (still && channelsFirst && `${first.in[0]}` === `${first.out[0]}`) continue;
      return;
    } catch (error) {
      failure ??= error;
    }
    if (!inputs.some(({ shape }) => shape.length > 2)) break;
  }
  throw failure;
}
