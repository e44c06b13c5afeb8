import type { NDArray } from './arrays';
import { drawInputs, drawTargets, givenInputs } from './batch';
import type { Which } from './causes';
import { shareData } from './given-data';
import { asInputs, type Description, type Forward, type Side } from './side';

/** Gives both sides one batch, and learns from it what their models do; tells what was chosen for them. */
export async function feed(sides: Record<Which, Side>, samples?: number): Promise<string[]> {
  const both = [sides.left, sides.right];
  const notes = shareData(sides.left, sides.right);
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
  if (!both.every(({ description }) => description.loss) || !oneInput(sides)) return notes;
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
  return notes;
}

/** Whether both models take one batch. */
export const oneInput = ({ left, right }: Record<Which, Side>): boolean =>
  left.inputShape.join() === right.inputShape.join();

/** Whether an array that a PyTorch program binds has the channels of its maps first. */
const mapsFirst = ({ framework }: Side, shape: readonly number[]): boolean =>
  framework === 'torch' && shape.length === 4 && shape[1]! < shape[3]!;

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
    const already = last && torchs && mapsFirst(side, inputs[0]!.shape);
    side.inputLast = last && !already && inputs.some(({ shape }) => shape.length > 3);
    try {
      const { result } = await side.program.ask<Forward>({ do: 'forward', record: true, keep: [] });
      side.batch = [...named.values()];
      side.samples = inputs[0]!.shape[0]!;
      const [, ...own] = inputs[0]!.shape;
      // One input's shape as Keras has it.
      side.inputShape = already ? [own[1]!, own[2]!, own[0]!] : own;
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
