import { optimizerOf } from '../optimizer';
import { alike, proofRatesByStep, ratesOf, stepsPerEpoch } from '../schedule';
import { type Cause, other, type PairView, short, type Which } from './cause';

/** Of two schedules that are one, but for that one side counts steps and the other epochs: the side that counts epochs. */
function countsEpochs(view: PairView): Which | undefined {
  const list = (which: Which) => optimizerOf(view[which])?.learningRates;
  const [left, right] = [list('left'), list('right')];
  if (!left || !right || new Set(left).size < 2) return undefined;
  const few = (rates: readonly number[], every = 1) =>
    Array.from(
      { length: 100 },
      (_, i) => rates[Math.min(Math.floor(i / every), rates.length - 1)]!,
    );
  const byEpoch = (which: Which) => Boolean(optimizerOf(view[which])!.byEpoch);
  if (byEpoch('left') !== byEpoch('right'))
    return alike(few(left), few(right)) ? (byEpoch('left') ? 'left' : 'right') : undefined;
  if (byEpoch('left')) return undefined;
  // One side's schedule is the other's, drawn out by an epoch's steps.
  return (['left', 'right'] as const).find((which) => {
    const every = stepsPerEpoch(view, other(which));
    return every > 1 && alike(few(list(which)!), few(list(other(which))!, every));
  });
}

export const schedule: Cause = {
  name: 'learning-rate-schedule',
  summary:
    'The learning rate follows another schedule, or the same one by epoch and not by step: Keras’ schedules count steps, most programs step PyTorch’s once in an epoch.',
  sources: [
    'https://keras.io/api/optimizers/learning_rate_schedules/',
    'https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate',
  ],
  find(view) {
    const both = { left: optimizerOf(view.left), right: optimizerOf(view.right) };
    if (!both.left || !both.right) return [];
    if (!both.left.learningRates && !both.right.learningRates) return [];
    if (alike(ratesOf(view, 'left'), ratesOf(view, 'right'))) return [];
    const slower = countsEpochs(view);
    const type = (which: Which) =>
      view[which].description.optimizer?.schedule ??
      view[which].description.scheduler?.type ??
      `constant ${short(both[which]!.lr)}`;
    const counted = (which: Which) =>
      both[which]!.byEpoch ? `by epoch, of ${stepsPerEpoch(view, which)} steps` : 'by step';
    const text = (which: Which) => {
      const rates = ratesOf(view, which);
      const changes = rates.flatMap((rate, i) => (rate === rates[i - 1] ? [] : [i]));
      const told = changes
        .slice(0, 3)
        .map((i) => `${short(rates[i])}${i > 0 ? ` from step ${i + 1}` : ''}`);
      if (changes.length > 3) told.push('…');
      return both[which]!.learningRates
        ? `${type(which)} ${counted(which)}: ${told.join(', ')}`
        : type(which);
    };
    const fix = (which: Which) => {
      if (!slower) return `the schedule of the other side, ${text(other(which))}`;
      const every = Math.max(stepsPerEpoch(view, 'left'), stepsPerEpoch(view, 'right'));
      if (view[which].framework === 'torch')
        return which === slower
          ? 'scheduler.step() after each optimizer.step()'
          : `scheduler.step() once in an epoch, which has ${every} steps`;
      return which === slower
        ? `the schedule's steps divided by ${every}`
        : `the schedule's steps times ${every}, with staircase=True where it has that`;
    };
    const place = (which: Which) => {
      const { places } = view[which].description;
      return places?.scheduler ?? places?.optimizer ?? null;
    };
    return [
      {
        name: slower ? 'schedule-by-epoch' : 'learning-rate-schedule',
        left: text('left'),
        right: text('right'),
        places: [place('left'), place('right')],
        fix: { left: fix('left'), right: fix('right') },
        apply(plan) {
          const side = plan[view.changed];
          const reference = other(view.changed);
          const settings = {
            ...side.optimizer?.settings,
            lr: both[reference]!.lr,
            ...proofRatesByStep(view, reference),
          };
          side.optimizer = { ...side.optimizer, settings };
        },
      },
    ];
  },
};
