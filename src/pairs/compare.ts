import { magnitude, type NDArray, relativeDifference, rounding, sizeOf } from './arrays';
import { drawInputs, drawTargets, givenInputs } from './batch';
import { causes, insertedWeights, type PairView, trainingOf, type Which } from './causes';
import { type Match, matchUnits } from './match';
import { type Differences, differences, emptyPlan, moves, type Plan, Runs } from './measure';
import { notesOf, squaresEachOccurrence } from './notes';
import { optimizerOf, trained } from './optimizer';
import { isSavedModel, Program, type ProgramOptions } from './program';
import { type Candidate, candidates, type Proofs, planWith, prove } from './proof';
import { reproduce } from './reproduction';
import type {
  CauseReport,
  Comparison,
  LayerDifference,
  Losses,
  ProgramInfo,
  StepDifference,
} from './result';
import { asInputs, counterparts, type Description, type Forward, Side } from './side';
import { savedDifferences, startDifferences } from './start';
import { unmeasured } from './text';
import { anchors, labelOf, type Unit } from './units';
import {
  copyWeights,
  picksOf,
  type Start,
  unprefixed,
  type WeightPair,
  weightPairs,
} from './weights';

export interface CompareOptions extends ProgramOptions {
  /** Pairs of layers' paths that belong together. */
  readonly map?: ReadonlyMap<string, string>;
  /** Saved weights that a program's model is given: a state dict, or Keras' weights. */
  readonly weights?: { readonly left?: string; readonly right?: string };
  readonly samples?: number;
  /** Steps of the loss curves. */
  readonly steps?: number;
  readonly onProgress?: (text: string) => void;
  /** What is found so far, after each stage: an interrupted comparison. */
  readonly onFound?: (found: Comparison) => void;
  /** Where to write a small file with what no cause explains; without it none is written. */
  readonly reproduction?: string;
  readonly signal?: AbortSignal;
}

/** What is in float64 beyond this is no rounding. */
const tolerances = { float64: 5e-7, float32: 2e-4 } as const;
const manySteps = 3;
/** A model of more parameters than this is proven by one step. */
const large = 5_000_000;
/** What the forward pass may differ in float32, relative to the largest element of a layer. */
const forwardTolerance = 1e-4;

/** Loads a program into a process that may have held another before. */
export async function loadSide(program: Program, path: string, state?: string): Promise<Side> {
  program.path = path;
  await program.ask({ do: 'ready' });
  const { result, arrays } = await program.ask<Description>({ do: 'load', path, state });
  return new Side(program, result, arrays, state !== undefined || isSavedModel(path));
}

/** Loads two programs at the same time; where one fails, neither is left open. */
export async function openSides(
  paths: readonly [string, string],
  options: CompareOptions,
  adapters: readonly [string, string],
  signal?: AbortSignal,
): Promise<[Side, Side]> {
  const programs = paths.map((path, i) => new Program(path, adapters[i]!, options));
  const end = () => {
    for (const program of programs) program.close();
  };
  signal?.addEventListener('abort', end);
  try {
    const { left: a, right: b } = options.weights ?? {};
    const [left, right] = await Promise.all(
      paths.map((path, i) => loadSide(programs[i]!, path, [a, b][i])),
    );
    return [left!, right!];
  } catch (error) {
    end();
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

/** Compares two programs whose processes are ready, and leaves them open. */
export async function compareSides(
  left: Side,
  right: Side,
  options: CompareOptions = {},
): Promise<Comparison> {
  const started = Date.now();
  const say = (text: string) => {
    options.signal?.throwIfAborted();
    options.onProgress?.(text);
  };
  const sides = { left, right };
  say('one batch through both');
  await feed(sides, options.samples);
  const rebuilt = await checked(sides);
  const match = matchUnits(left.units, right.units, options.map);
  const weights = weightPairs(match);
  const view: PairView = { left, right, match, ...roles(sides) };
  const { start, saved, starts, frozen } = await startAlike(view, weights);
  const base = basePlan(sides, match, frozen);
  if (!oneInput(sides)) return apart(sides, match, start, started);
  let found: Comparison = {
    verdict: 'interrupted',
    text: 'Interrupted: what is here was found until then.',
    left: info(left),
    right: info(right),
    match: matchRows(match),
    unmatched: {
      left: match.unmatched.left.map(labelOf),
      right: match.unmatched.right.map(labelOf),
    },
    start,
    forward: [],
    causes: [],
    notes: [...rebuilt.notes, ...notesOf(sides, match, frozen)],
    remaining: [],
    precision: 'float64',
    seconds: 0,
  };
  const add = (more: Partial<Comparison>) => {
    found = { ...found, ...more, seconds: (Date.now() - started) / 1000 };
    options.onFound?.(found);
  };
  add({});
  say('forward');
  const forward = await forwardDifferences(sides, match, base);
  const first = firstDifference(forward);
  add({ forward, ...(first && { firstDifference: first }) });
  const trains = left.description.loss !== null && right.description.loss !== null;
  if (trains) {
    const steps = options.steps ?? (info(left).parameters > large ? 1 : 100);
    say(`${steps} step${steps === 1 ? '' : 's'}`);
    add(await lossCurves(sides, base, weights, starts, steps));
  }
  say('causes');
  const known = candidates(causes.map((cause) => ({ cause, findings: cause.find(view) })));
  const reported = (proofs: Proofs['proofs']) =>
    proofs.map((proof) => report(proof.candidate, proof));
  const proofs = await proofsOf(sides, match, weights, starts, base, known, (text, soFar) => {
    say(text);
    add({ causes: reported(soFar) });
  });
  const remaining = [...proofs.after]
    .filter(([, difference]) => difference > tolerances.float64)
    .concat(rebuilt.apart, saved)
    .sort(([, a], [, b]) => b - a)
    .map(([what, difference]) => ({ what, difference }));
  const relevant = reported(proofs.proofs).filter(({ proven }) => proven || remaining.length > 0);
  if (remaining.length > 0 && options.reproduction) {
    const fixed = planWith(base, known);
    const file = await reproduce(sides, match, weights, fixed, options.reproduction);
    if (file) add({ reproduction: file });
  }
  add({
    ...verdictOf(relevant, remaining, first, trains ? [] : unseen(match)),
    causes: relevant,
    remaining,
  });
  return found;
}

/** Compares how both start, and gives both one start. Both programs hold it then, and nothing here. */
async function startAlike(view: PairView, weights: readonly WeightPair[]) {
  const { left, right, match } = view;
  const start = startDifferences(weights, left.start, right.start);
  const saved = left.saved && right.saved ? savedDifferences(weights, left.start, right.start) : [];
  const { frozen, ...copied } =
    right.saved && !left.saved
      ? turned(copyWeights(right, left, flipped(match)))
      : copyWeights(left, right, match);
  await Promise.all([
    left.program.ask({ do: 'weights' }, unprefixed(copied.left)),
    right.program.ask({ do: 'weights' }, unprefixed(copied.right)),
  ]);
  left.start = copied.left;
  right.start = copied.right;
  const starts = await pick({ left, right }, weights);
  const inserts = insertedWeights(view);
  if (inserts.size > 0) await view[view.changed].program.ask({ do: 'inserts' }, inserts);
  left.start = right.start = new Map();
  return { start, saved, starts, frozen };
}

/** A match, and a start, with left and right exchanged. */
const flipped = ({ pairs, unmatched }: Match): Match => ({
  pairs: pairs.map(({ left, right }) => ({ left: right, right: left })),
  unmatched: { left: unmatched.right, right: unmatched.left },
});
const turned = ({ left, right, frozen }: Start): Start => ({
  left: right,
  right: left,
  frozen: { left: frozen.right, right: frozen.left },
});

/** What can be said of two models that don't take one batch: how they are built. */
function apart(
  sides: Record<Which, Side>,
  match: Match,
  start: Comparison['start'],
  started: number,
): Comparison {
  const { left, right } = sides;
  const view: PairView = { left, right, match, ...roles(sides) };
  const found = candidates(causes.map((cause) => ({ cause, findings: cause.find(view) })));
  const none = { what: unmeasured, before: 0, after: 0 };
  const reports = found.map((candidate) =>
    report(candidate, { candidate, proven: false, effect: none, effects: [] }),
  );
  return {
    verdict: 'different',
    text: `Different: the models don’t take one batch, so only how they are built is compared: ${reports.map(({ name }) => name).join(', ')}.`,
    left: info(left),
    right: info(right),
    match: matchRows(match),
    unmatched: {
      left: match.unmatched.left.map(labelOf),
      right: match.unmatched.right.map(labelOf),
    },
    start,
    forward: [],
    causes: reports,
    notes: [],
    remaining: [],
    precision: 'float64',
    seconds: (Date.now() - started) / 1000,
  };
}

const matchRows = ({ pairs }: Match): Comparison['match'] =>
  pairs
    .filter(({ left: { kind } }) => kind !== 'shape')
    .map(({ left: a, right: b }) => ({
      left: labelOf(a),
      right: labelOf(b),
      kind: a.kind,
      weights: Object.entries(a.slots)
        .filter(([role]) => b.slots[role])
        .map(([role, slot]) => `${role} ${slot.shape.join('×')}`),
    }));

const info = ({ program, description }: Side): ProgramInfo => ({
  path: program.path,
  framework: description.framework,
  version: description.version,
  model: description.model,
  parameters: description.weights
    .filter(({ buffer }) => !buffer)
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0),
});

function roles({
  left,
  right,
}: Record<Which, Side>): Pick<PairView, 'changed' | 'keras' | 'torch'> {
  const which = (framework: string): Which | undefined =>
    left.framework === framework ? 'left' : right.framework === framework ? 'right' : undefined;
  const mixed = left.framework !== right.framework;
  return {
    changed: mixed ? which('torch')! : 'right',
    keras: which('keras'),
    torch: which('torch'),
  };
}

/** Gives both sides one batch, and learns from it what their models do. */
async function feed(sides: Record<Which, Side>, samples?: number): Promise<void> {
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

interface Check {
  readonly apart?: Readonly<Record<string, number>>;
  readonly stepped: boolean;
}

/** What programs in TypeScript compute by themselves beside what Python computes for them. */
async function checked(
  sides: Record<Which, Side>,
): Promise<{ notes: string[]; apart: [string, number][] }> {
  const notes: string[] = [];
  const apart: [string, number][] = [];
  for (const { program, framework } of [sides.left, sides.right]) {
    const { result } = await program.ask<Check>({ do: 'check' });
    if (!result.apart) continue;
    const most = Math.max(0, ...Object.values(result.apart));
    const what = result.stepped ? 'Outputs, loss and one step' : 'Outputs';
    const agree = most === 0 ? 'to the last bit' : `to ${most.toExponential(1)}`;
    const checked =
      Object.keys(result.apart).length > 0
        ? `${what} of both agree ${agree}`
        : 'What it draws at random in evaluation can’t be compared with that';
    const how =
      framework === 'torch'
        ? 'Python makes the calls that the TypeScript program makes'
        : 'Python’s Keras computes the layers that the TypeScript program has';
    notes.push(`${program.name}: ${how}, so that each can be changed for a proof. ${checked}.`);
    const tolerance = framework === 'torch' ? 1e-5 : forwardTolerance;
    for (const [name, value] of Object.entries(result.apart)) {
      if (value > tolerance)
        apart.push([`${program.name}: ${name} in TypeScript and in Python`, value]);
    }
  }
  return { notes, apart };
}

/** Whether both models take one batch. */
const oneInput = ({ left, right }: Record<Which, Side>): boolean =>
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

/** What is changed in all runs: shared masks, second biases, and formulas that nobody chose. */
function basePlan(sides: Record<Which, Side>, { pairs }: Match, frozen: Start['frozen']): Plan {
  const plan = emptyPlan();
  const training = trainingOf(sides);
  for (const which of ['left', 'right'] as const) {
    const side = plan[which];
    // What no optimizer has stays as it is, though PyTorch gives it gradients.
    const idle = sides[which].description.weights.filter(
      ({ name, trainable }) => trainable && !trained(sides[which], name),
    );
    side.frozen = [...frozen[which], ...idle.map(({ name }) => name)];
    side.masks = {};
    if (training) side.batches = training[which];
    pairs
      .filter(({ left }) => left.kind === 'dropout')
      .forEach((pair, i) => {
        side.masks![pair[which].call.key] = `d${i}`;
        const { order, call } = pair[which];
        if (order) side.orders = { ...side.orders, [call.key]: [...order] };
      });
    const optimizer = optimizerOf(sides[which]);
    if (squaresEachOccurrence(sides, which, pairs)) side.dense = true;
    if (sides[which].framework === 'torch' && optimizer) {
      const adam = ['adam', 'adamax', 'nadam'].includes(optimizer.kind);
      const mixed = sides[which === 'left' ? 'right' : 'left'].framework === 'keras';
      const groups = sides[which].description.optimizer!.groups ?? [];
      side.optimizer = {
        settings: { ...optimizer, formula: adam && mixed ? 'keras' : 'torch' },
        weights:
          groups.length > 1
            ? Object.fromEntries(
                groups.flatMap(({ weights, lr, weight_decay }) =>
                  weights.map((name) => [name, { lr, weightDecay: weight_decay ?? 0 }]),
                ),
              )
            : {},
      };
    }
  }
  return plan;
}

/** Without what only the proofs need: the frameworks' own optimizers. */
const asWritten = (plan: Plan): Plan => ({
  left: { ...plan.left, optimizer: undefined, dense: undefined },
  right: { ...plan.right, optimizer: undefined, dense: undefined },
});

/** Tells both sides which elements of which weights are compared; gives those that they start with. */
async function pick(
  sides: Record<Which, Side>,
  weights: readonly WeightPair[],
): Promise<NDArray[]> {
  const picks = picksOf(weights, { left: sides.left.shapes, right: sides.right.shapes });
  await Promise.all(
    (['left', 'right'] as const).map((which) =>
      sides[which].program.ask(
        { do: 'pick', picks: weights.map((weight, i) => [String(i), weight[which].name]) },
        new Map(
          picks.map((places, i) => [
            String(i),
            { shape: [places[which].length], data: places[which] },
          ]),
        ),
      ),
    ),
  );
  return weights.map(({ left: { name } }, i) => {
    const { data } = sides.left.start.get(`start:${name}`)!;
    const places = picks[i]!.left;
    return { shape: [places.length], data: Float32Array.from(places, (place) => data[place]!) };
  });
}

async function forwardDifferences(
  sides: Record<Which, Side>,
  match: Match,
  base: Plan,
): Promise<LayerDifference[]> {
  const plan = asWritten(base);
  const rows = match.pairs.filter(
    ({ left, right }) => left.kind !== 'shape' && !left.hidden && !right.hidden,
  );
  const evaluation = await layersApart(sides, plan, rows, false);
  // Dropouts get the same masks; one that draws by itself has nothing that could be compared.
  const training = await layersApart(sides, plan, rows, true);
  return rows.map(({ left }, i) => ({
    layer: labelOf(left),
    kind: left.kind,
    relative: evaluation[i]!,
    roundings: evaluation[i] === null ? null : evaluation[i]! / rounding,
    training: training[i]!,
  }));
}

/** Elements of outputs that are looked at together: a large model's weigh hundreds of megabytes. */
const together = 4_000_000;

/** How far the outputs of layers are apart; the programs hold them, and give some at a time. */
async function layersApart(
  sides: Record<Which, Side>,
  plan: Plan,
  rows: Match['pairs'],
  training: boolean,
): Promise<(number | null)[]> {
  const both = ['left', 'right'] as const;
  await Promise.all(
    both.map(async (which) => {
      const { program } = sides[which];
      await program.ask({ do: 'prepare', precision: 'float32', ...plan[which] });
      await program.ask({ do: 'forward', record: true, hold: true, training });
    }),
  );
  const apart: (number | null)[] = [];
  while (apart.length < rows.length) {
    const some: (typeof rows)[number][] = [];
    for (let size = 0; size < together && apart.length + some.length < rows.length; ) {
      const row = rows[apart.length + some.length]!;
      some.push(row);
      size += row.left.call.out.reduce((sum, shape) => sum + sizeOf(shape), 0);
    }
    const [a, b] = await Promise.all(
      both.map(async (which) => {
        const keys = some.flatMap((row) => sides[which].keysOf(row[which]));
        return (await sides[which].program.ask({ do: 'held', keys: [...new Set(keys)] })).arrays;
      }),
    );
    for (const { left, right } of some) {
      const two = counterparts(sides.left.candidates(left, a!), sides.right.candidates(right, b!));
      apart.push(two ? relativeDifference(two[0], two[1]) : null);
    }
  }
  await Promise.all(both.map((which) => sides[which].program.ask({ do: 'held', keys: [] })));
  return apart;
}

/** The first layer that leaves rounding: all before it agree. */
function firstDifference(forward: readonly LayerDifference[]): string | undefined {
  return forward.find(({ relative }) => relative === null || relative > forwardTolerance)?.layer;
}

async function lossCurves(
  sides: Record<Which, Side>,
  base: Plan,
  weights: readonly WeightPair[],
  starts: readonly NDArray[],
  steps: number,
): Promise<{ step?: StepDifference; losses?: Losses }> {
  const plan = asWritten(base);
  const [a, b] = await onEach(sides, async (which) => {
    const { program } = sides[which];
    await program.ask({ do: 'prepare', precision: 'float32', ...plan[which] });
    return program.ask<{ losses: number[] }>({ do: 'train', steps, look: [1], gradients: true });
  });
  if (a?.status !== 'fulfilled' || b?.status !== 'fulfilled') return {};
  const [left, right] = [a.value.result.losses, b.value.result.losses];
  const part = left.findIndex(
    (loss, i) => Math.abs(loss - right[i]!) > 0.01 * Math.max(Math.abs(loss), Math.abs(right[i]!)),
  );
  const of = (kind: string, i: number) =>
    [a.value.arrays.get(`${kind}:1:${i}`), b.value.arrays.get(`${kind}:1:${i}`)] as const;
  // Beside the largest gradient of the model, the noise of one that is zero counts for nothing.
  const gradient = Math.max(
    0,
    ...weights.flatMap((_, i) => of('gradient', i).map((x) => (x ? magnitude(x) : 0))),
  );
  const update = Math.max(
    0,
    ...weights.flatMap(({ role }, i) =>
      ['mean', 'variance'].includes(role)
        ? []
        : of('weight', i).map((x) => (x ? moves(x, starts[i]!) : 0)),
    ),
  );
  const stateOf = (i: number) =>
    Object.fromEntries(
      ['momentum', 'velocity'].flatMap((name) => {
        const [x, y] = of(`state.${name}`, i);
        return x && y ? [[name, relativeDifference(x, y)]] : [];
      }),
    );
  const rows = weights.flatMap((weight, i) => {
    const [[x, y], [g, h]] = [of('weight', i), of('gradient', i)];
    if (!x || !y) return [];
    const buffer = ['mean', 'variance'].includes(weight.role);
    return [
      {
        layer: labelOf(weight.pair.left),
        role: weight.role,
        gradient: g && h && gradient > 0 ? relativeDifference(g, h, gradient) : null,
        updated: relativeDifference(x, y, buffer || update === 0 ? undefined : update),
        state: stateOf(i),
      },
    ];
  });
  return {
    step: { loss: { left: left[0]!, right: right[0]! }, weights: rows },
    losses: { left, right, part: part < 0 ? null : part + 1 },
  };
}

/**
 * Does work on both sides at the same time; on large models in turn, which takes no longer, since each
 * uses all processors, and half the memory.
 */
async function onEach<Result>(
  sides: Record<Which, Side>,
  work: (which: Which) => Promise<Result>,
): Promise<[PromiseSettledResult<Result>, PromiseSettledResult<Result>]> {
  if (info(sides.left).parameters <= large)
    return Promise.allSettled([work('left'), work('right')]);
  const [left] = await Promise.allSettled([work('left')]);
  const [right] = await Promise.allSettled([work('right')]);
  return [left, right];
}

/** Steps of each proof. */
const proofStepsOf = (side: Side): number => (info(side).parameters > large ? 1 : manySteps);

async function proofsOf(
  sides: Record<Which, Side>,
  match: Match,
  weights: readonly WeightPair[],
  starts: readonly NDArray[],
  base: Plan,
  found: readonly Candidate[],
  say: (text: string, proofs: Proofs['proofs']) => void,
): Promise<Proofs> {
  const proofSteps = proofStepsOf(sides.left);
  const last = lookedAt(match);
  const looks = { left: last.map(({ left }) => left), right: last.map(({ right }) => right) };
  const keys = {
    left: keysOf(sides.left, looks.left),
    right: keysOf(sides.right, looks.right),
  };
  const trains = sides.left.description.loss !== null && sides.right.description.loss !== null;
  const runs = {
    left: new Runs(sides.left, 'float64', proofSteps, keys.left, trains),
    right: new Runs(sides.right, 'float64', proofSteps, keys.right, trains),
  };
  const measure = async (plan: Plan): Promise<Differences> => {
    const [left, right] = await onEach(sides, (which) => runs[which].under(plan[which]));
    if (left.status === 'rejected' || right.status === 'rejected') {
      const { reason } = (left.status === 'rejected' ? left : right) as PromiseRejectedResult;
      return new Map([[`it runs: ${(reason as Error).message}`, Number.POSITIVE_INFINITY]]);
    }
    return differences(
      sides,
      { left: left.value, right: right.value },
      match,
      weights,
      starts,
      keys,
      proofSteps,
    );
  };
  return prove(base, found, measure, tolerances.float64, (done, total, proofs) =>
    say(`proof ${done} of ${total}`, proofs),
  );
}

/** The last matched layer with weights: what the proofs look at for the outputs. */
function lookedAt({ pairs }: Match): { left: Unit; right: Unit }[] {
  const last = pairs
    .filter(({ left, right }) => anchors.has(left.kind) && !left.hidden && !right.hidden)
    .at(-1);
  return last ? [last] : [];
}

function keysOf(side: Side, units: readonly Unit[]): string[] {
  return units.flatMap((unit) => {
    const keys = unit.call.out.map((_, i) => `${unit.position}.${i}`);
    for (const other of side.units) {
      if (other.kind === 'shape' && other.sources.some((source) => source === unit.index))
        keys.push(`${other.position}.0`);
    }
    return keys;
  });
}

function report(
  { name, cause, findings }: Candidate,
  { proven, effect }: Proofs['proofs'][number],
): CauseReport {
  const [first] = findings;
  const distinct = (values: readonly string[]) => [...new Set(values)].join('; ');
  return {
    name,
    summary: cause.summary,
    proven,
    left: distinct(findings.map(({ left }) => left)),
    right: distinct(findings.map(({ right }) => right)),
    layers: findings.flatMap(({ layer }) => (layer ? [layer] : [])),
    places: [
      ...new Set(
        findings.flatMap(({ places }) => places).filter((place): place is string => place !== null),
      ),
    ],
    fix: {
      left: distinct(findings.map(({ fix }) => fix.left)),
      right: distinct(findings.map(({ fix }) => fix.right)),
    },
    ...(first?.unremovable && { unremovable: first.unremovable }),
    before: effect.before,
    after: effect.after,
    measured: effect.what,
    sources: cause.sources,
  };
}

function verdictOf(
  reports: readonly CauseReport[],
  remaining: readonly { what: string; difference: number }[],
  first: string | undefined,
  unseen: readonly string[],
): Pick<Comparison, 'verdict' | 'text'> {
  const proven = reports.filter(({ proven }) => proven).map(({ name }) => name);
  if (remaining.length > 0) {
    const where = first ? `, first at ${first}` : `, in ${remaining[0]!.what}`;
    const explained = proven.length > 0 ? ` beside ${proven.join(', ')}` : '';
    return { verdict: 'different', text: `Different${where}: cause unknown${explained}.` };
  }
  if (proven.length > 0) {
    return {
      verdict: 'equal after changes',
      text: `Equal after these changes: ${proven.join(', ')}.`,
    };
  }
  if (unseen.length > 0) {
    const text = `Different: no counterpart was found for ${unseen.join(', ')}; --map settles which layer is which.`;
    return { verdict: 'different', text };
  }
  return { verdict: 'equal', text: 'Equal: every layer, a step and the losses agree to rounding.' };
}

/** What has no counterpart, and so was not compared: without a loss nothing else speaks for it. */
const unseen = ({ unmatched }: Match): string[] =>
  [...unmatched.left, ...unmatched.right].map(labelOf);
