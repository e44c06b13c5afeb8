import { basename, relative, resolve } from 'node:path';
import type { CauseReport, Comparison, LayerDifference, ProgramInfo } from './result';

const frameworks = { keras: 'Keras', torch: 'PyTorch' } as const;

/** `keras_model.py`, with its folder where both programs have one name. */
export function programNames({ left, right }: Comparison): { left: string; right: string } {
  const names = { left: basename(left.path), right: basename(right.path) };
  if (names.left !== names.right) return names;
  const short = ({ path }: ProgramInfo) => relative(process.cwd(), resolve(path));
  return { left: short(left), right: short(right) };
}

/** `Keras 3.15.1, Sequential, 1,234 parameters`. TensorFlow.js' layers are Keras', and it names itself. */
export const describeProgram = ({ framework, version, model, parameters }: ProgramInfo): string =>
  `${/^\d/.test(version) ? `${frameworks[framework]} ` : ''}${version.split('+')[0]}, ${model}, ${parameters.toLocaleString('en')} parameters`;

/** A relative difference as a person reads it: `4.9e-4`, `rounding` or `it doesn’t run`. */
export function difference(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return 'no common shape';
  if (value === 0) return '0';
  return value >= 0.01 ? value.toFixed(2) : value.toExponential(1);
}

/** A place without the folder that all share. */
export const shortPlace = (place: string): string => basename(place);

/** In the place of a measure where nothing could be measured. */
export const unmeasured = 'not measured: the models don’t take one batch';

/** What the proof of a cause shows. */
export function proofText({ proven, before, after, measured, unremovable }: CauseReport): string {
  if (measured === unmeasured) return unmeasured;
  if (!proven) return 'possible: no difference that was measured goes away with the fix';
  if (!Number.isFinite(before))
    return 'without the fix the two can’t be compared at all; with it they agree';
  const text = `${measured}: ${difference(before)} apart without the fix, ${difference(after)} with it`;
  return unremovable ? `${text}. ${unremovable}` : text;
}

/** How the outputs compare in training mode, where dropouts get the same masks. */
export function trainingText({ forward }: Comparison): string | undefined {
  const measured = forward.filter(({ training }) => training !== null);
  if (measured.length === 0) return undefined;
  const first = measured.find(({ training }) => training! > 1e-4);
  const most = Math.max(...measured.map(({ training }) => training!));
  return first
    ? `first different at ${first.layer}: ${difference(first.training)} of its largest output`
    : `all agree, to ${difference(most)}`;
}

/** How the forward pass compares. */
export function forwardText({ forward, firstDifference }: Comparison): string {
  if (forward.length === 0) return unmeasured;
  const found = forward.find(({ layer }) => layer === firstDifference);
  if (found) return `first different at ${found.layer}: ${differenceText(found)}`;
  const most = Math.max(0, ...forward.map(({ roundings }) => roundings ?? 0));
  return `all ${forward.length} layers agree, to ${most.toFixed(0)} roundings`;
}

export const differenceText = ({ relative: share, roundings }: LayerDifference): string =>
  share === null || roundings === null
    ? 'shapes that can’t be compared'
    : `${difference(share)} of its largest output (${Math.round(roundings).toLocaleString('en')} roundings)`;

/** How the weights are drawn before they are copied. */
export function startText({ start }: Comparison): string {
  const differ = start.filter(({ same }) => !same);
  if (differ.length === 0)
    return `${start.length} weights, drawn alike; the left side’s were copied`;
  return `drawn differently in ${differ.length} of ${start.length} weights (initialisation): ${differ
    .slice(0, 3)
    .map(({ layer, role, left, right }) =>
      left.drawn && right.drawn && left.drawn !== right.drawn
        ? `${layer} ${role} (${left.drawn}; ${right.drawn})`
        : `${layer} ${role}`,
    )
    .join(', ')}${differ.length > 3 ? ', …' : ''}; the left side’s were copied`;
}

/** How the first step compares. */
export function stepText({ step, stepFailures }: Comparison): string {
  if (stepFailures) return `fails on ${stepFailures.join(' And on ')}`;
  if (!step) return 'not compared: a side has no loss, or can’t train on this batch';
  const { left, right } = step.loss;
  const worst = [...step.weights].sort((a, b) => b.updated - a.updated)[0];
  const weights = worst
    ? `; updates differ most in ${worst.layer} ${worst.role}, by ${difference(worst.updated)} of the largest`
    : '';
  const states = step.weights.flatMap(({ layer, role, state }) =>
    Object.entries(state).map(([name, apart]) => ({ layer, role, name, apart })),
  );
  const [state] = states.sort((a, b) => b.apart - a.apart);
  const kept = state
    ? `; the optimizer’s ${state.name} most in ${state.layer} ${state.role}, by ${difference(state.apart)}`
    : '';
  return `loss ${left.toPrecision(7)} and ${right.toPrecision(7)}${weights}${kept}`;
}

/** How the losses go on. */
export function lossesText({ losses }: Comparison): string | undefined {
  if (!losses) return undefined;
  const [a, b] = [losses.left.at(-1)!, losses.right.at(-1)!];
  const where =
    losses.part === null
      ? 'never more than 1\u00a0% apart'
      : `more than 1\u00a0% apart from step ${losses.part}`;
  return `loss ${a.toPrecision(5)} and ${b.toPrecision(5)} after ${losses.left.length} steps, ${where}`;
}

/** A comparison for a terminal. */
export function comparisonText(found: Comparison): string {
  const names = programNames(found);
  const row = (label: string, text: string | undefined) =>
    text ? [`${label.padEnd(11)}${text}`] : [];
  const unmatched = [...found.unmatched.left, ...found.unmatched.right];
  const lines = [
    ...row('left', `${names.left}: ${describeProgram(found.left)}`),
    ...row('right', `${names.right}: ${describeProgram(found.right)}`),
    '',
    found.text,
    '',
    ...row(
      'match',
      `${found.match.length} layers${unmatched.length > 0 ? `; without a counterpart: ${unmatched.join(', ')}` : ''}`,
    ),
    ...row('start', startText(found)),
    ...row('forward', forwardText(found)),
    ...row('training', trainingText(found)),
    ...row('one step', stepText(found)),
    ...row('steps', lossesText(found)),
  ];
  found.causes.forEach((cause, i) => {
    lines.push('', `${i + 1}. ${cause.name}${cause.proven ? '' : ' (possible)'}: ${cause.summary}`);
    const place = cause.places.length > 0 ? `   (${cause.places.map(shortPlace).join(', ')})` : '';
    lines.push(
      ...row('   left', cause.left),
      ...row('   right', cause.right + place),
      ...row('   fix', `${names.left}: ${cause.fix.left}`),
      ...row('', `or ${names.right}: ${cause.fix.right}`),
      ...row('   proof', proofText(cause)),
      ...row('   see', cause.sources.join(' ')),
    );
  });
  if (found.remaining.length > 0) {
    lines.push('', 'left without a known cause:');
    for (const { what, difference: value } of found.remaining.slice(0, 5)) {
      lines.push(`   ${what}: ${difference(value)}`);
    }
  }
  if (found.reproduction) {
    lines.push(`   to reproduce it: ${relative(process.cwd(), found.reproduction)}`);
  }
  for (const note of found.notes) lines.push('', `note: ${note}`);
  return lines.join('\n');
}
