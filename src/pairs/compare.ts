import type { NDArray } from './arrays';
import { basePlan } from './base-plan';
import { causes, insertedWeights, type PairView, type Which } from './causes';
import { feed, oneInput } from './feed';
import { firstDifference, forwardDifferences, forwardTolerance } from './forward';
import { lossCurves } from './loss-curves';
import { type Match, matchUnits } from './match';
import type { Differences } from './measure';
import { notesOf } from './notes';
import { type Answering, isSavedModel, Program, type ProgramOptions } from './program';
import { candidates, type Proofs, planWith } from './proof';
import { fails, float64Tolerance, proofsOf } from './proof-runs';
import { reproduce } from './reproduction';
import type { Comparison } from './result';
import { type Description, Side } from './side';
import { savedDifferences, startDifferences } from './start';
import { apart, overview, report, unseen, verdictOf } from './verdict';
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

/** Loads a program into a process that may have held another before. */
export async function loadSide(program: Answering, path: string, state?: string): Promise<Side> {
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
  const chosen = await feed(sides, options.samples);
  const rebuilt = await checked(sides);
  const match = matchUnits(left.units, right.units, options.map);
  const weights = weightPairs(match);
  const view: PairView = { left, right, match, ...roles(sides) };
  const { start, saved, starts, frozen } = await startAlike(view, weights);
  const base = basePlan(sides, match, frozen);
  if (!oneInput(sides)) return apart(view, start, started);
  let found: Comparison = {
    verdict: 'interrupted',
    text: 'Interrupted: these are the results so far.',
    ...overview(view),
    start,
    forward: [],
    causes: [],
    notes: [...chosen, ...rebuilt.notes, ...notesOf(sides, match, frozen)],
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
    const steps = options.steps ?? (left.large ? 1 : 100);
    say(`${steps} step${steps === 1 ? '' : 's'}`);
    add(await lossCurves(sides, base, weights, starts, steps));
  }
  say('causes');
  const known = candidates(causes.map((cause) => ({ cause, findings: cause.find(view) })));
  const reported = (proofs: Proofs['proofs']) =>
    proofs.map((proof) => report(proof.candidate, proof));
  const proven = (steps: boolean) =>
    proofsOf(sides, match, weights, starts, base, known, steps, (text, soFar) => {
      say(text);
      add({ causes: reported(soFar) });
    });
  let proofs = await proven(trains);
  const failing = (found: Differences) => [...found].filter(([what]) => what.startsWith(fails));
  const { stepFailures = [] } = found;
  // The proofs have optimizers of their own: what fails in the program's alone is not seen there.
  const failures =
    failing(proofs.before).length > 0
      ? failing(proofs.after)
      : stepFailures.map((one): [string, number] => [`${fails} ${one}`, Number.POSITIVE_INFINITY]);
  // Where a step fails whatever is fixed, the outputs can be compared all the same.
  if (failing(proofs.after).length > 0 && trains) proofs = await proven(false);
  const remaining = [...new Map([...proofs.after, ...failures, ...rebuilt.apart, ...saved])]
    .filter(([, difference]) => difference > float64Tolerance)
    .sort(([, a], [, b]) => b - a)
    .map(([what, difference]) => ({ what, difference }));
  const relevant = reported(proofs.proofs).filter(({ proven }) => proven || remaining.length > 0);
  if (remaining.length > 0 && failures.length === 0 && options.reproduction) {
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
