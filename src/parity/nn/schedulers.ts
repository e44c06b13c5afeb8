import { optim } from 'tandem-torch';
import type { SchedulerCase } from './case';

const { lrScheduler } = optim;

const of = (python: string, typescript: SchedulerCase['typescript']): SchedulerCase => ({
  kind: 'scheduler',
  python: `lr_scheduler.${python}`,
  typescript,
});

const plateau = (python: string, options: optim.lrScheduler.PlateauOptions): SchedulerCase => ({
  kind: 'scheduler',
  python: `lr_scheduler.ReduceLROnPlateau(optimizer, ${python})`,
  typescript: (optimizer) => {
    const scheduler = new lrScheduler.ReduceLROnPlateau(optimizer, options);
    return { step: (metric) => scheduler.step(metric!) };
  },
  metric: true,
});

const swa = (
  python: string,
  options: ConstructorParameters<typeof optim.swaUtils.SWALR>[1] & object,
): SchedulerCase => ({
  kind: 'scheduler',
  python: `optim.swa_utils.SWALR(optimizer, ${python})`,
  typescript: (optimizer) => new optim.swaUtils.SWALR(optimizer, options as never),
});

/** Combines two schedulers of the same optimizer. */
type Pair = (
  optimizer: optim.Optimizer,
) => [optim.lrScheduler.Scheduler, optim.lrScheduler.Scheduler];

const constantThenExponential: Pair = (optimizer) => [
  new lrScheduler.ConstantLR(optimizer, { factor: 0.1, totalIters: 20 }),
  new lrScheduler.ExponentialLR(optimizer, 0.9),
];

const warmUpThenCosine: Pair = (optimizer) => [
  new lrScheduler.LinearLR(optimizer, { totalIters: 4 }),
  new lrScheduler.CosineAnnealingLR(optimizer, 9),
];

/** The schedulers of torch.optim.lr_scheduler, each with several settings. */
export const schedulers: readonly SchedulerCase[] = [
  of(
    'LambdaLR(optimizer, lambda epoch: 0.95 / (epoch + 1))',
    (optimizer) => new lrScheduler.LambdaLR(optimizer, (epoch) => 0.95 / (epoch + 1)),
  ),
  of(
    'LambdaLR(optimizer, [lambda epoch: min(1, epoch / 7)])',
    (optimizer) => new lrScheduler.LambdaLR(optimizer, [(epoch) => Math.min(1, epoch / 7)]),
  ),
  of(
    'MultiplicativeLR(optimizer, lambda epoch: 0.95)',
    (optimizer) => new lrScheduler.MultiplicativeLR(optimizer, () => 0.95),
  ),
  of(
    'MultiplicativeLR(optimizer, lambda epoch: 1 - 1 / (epoch + 2))',
    (optimizer) => new lrScheduler.MultiplicativeLR(optimizer, (epoch) => 1 - 1 / (epoch + 2)),
  ),

  of('StepLR(optimizer, 3)', (optimizer) => new lrScheduler.StepLR(optimizer, 3)),
  of(
    'StepLR(optimizer, step_size=4, gamma=0.7)',
    (optimizer) => new lrScheduler.StepLR(optimizer, 4, { gamma: 0.7 }),
  ),
  of(
    'MultiStepLR(optimizer, [2, 7, 11])',
    (optimizer) => new lrScheduler.MultiStepLR(optimizer, [2, 7, 11]),
  ),
  of(
    'MultiStepLR(optimizer, [2, 2, 2, 9], gamma=0.7)',
    (optimizer) => new lrScheduler.MultiStepLR(optimizer, [2, 2, 2, 9], { gamma: 0.7 }),
  ),

  of('ConstantLR(optimizer)', (optimizer) => new lrScheduler.ConstantLR(optimizer)),
  of(
    'ConstantLR(optimizer, factor=0.7, total_iters=9)',
    (optimizer) => new lrScheduler.ConstantLR(optimizer, { factor: 0.7, totalIters: 9 }),
  ),
  of('LinearLR(optimizer)', (optimizer) => new lrScheduler.LinearLR(optimizer)),
  of(
    'LinearLR(optimizer, start_factor=0.9, end_factor=0.15, total_iters=13)',
    (optimizer) =>
      new lrScheduler.LinearLR(optimizer, { startFactor: 0.9, endFactor: 0.15, totalIters: 13 }),
  ),

  of(
    'ExponentialLR(optimizer, gamma=0.9)',
    (optimizer) => new lrScheduler.ExponentialLR(optimizer, 0.9),
  ),
  of(
    'ExponentialLR(optimizer, gamma=1.07)',
    (optimizer) => new lrScheduler.ExponentialLR(optimizer, 1.07),
  ),
  of('PolynomialLR(optimizer)', (optimizer) => new lrScheduler.PolynomialLR(optimizer)),
  of(
    'PolynomialLR(optimizer, total_iters=17, power=1.7)',
    (optimizer) => new lrScheduler.PolynomialLR(optimizer, { totalIters: 17, power: 1.7 }),
  ),
  of(
    'PolynomialLR(optimizer, total_iters=30, power=0.5)',
    (optimizer) => new lrScheduler.PolynomialLR(optimizer, { totalIters: 30, power: 0.5 }),
  ),

  of(
    'CosineAnnealingLR(optimizer, T_max=20)',
    (optimizer) => new lrScheduler.CosineAnnealingLR(optimizer, 20),
  ),
  of(
    'CosineAnnealingLR(optimizer, T_max=6, eta_min=0.003)',
    (optimizer) => new lrScheduler.CosineAnnealingLR(optimizer, 6, { etaMin: 0.003 }),
  ),
  of(
    'CosineAnnealingWarmRestarts(optimizer, T_0=7)',
    (optimizer) => new lrScheduler.CosineAnnealingWarmRestarts(optimizer, 7),
  ),
  of(
    'CosineAnnealingWarmRestarts(optimizer, T_0=3, T_mult=2, eta_min=0.01)',
    (optimizer) =>
      new lrScheduler.CosineAnnealingWarmRestarts(optimizer, 3, { tMult: 2, etaMin: 0.01 }),
  ),

  of(
    'CyclicLR(optimizer, base_lr=0.01, max_lr=0.3, step_size_up=3)',
    (optimizer) => new lrScheduler.CyclicLR(optimizer, 0.01, 0.3, { stepSizeUp: 3 }),
  ),
  of(
    'CyclicLR(optimizer, 0.01, 0.3, step_size_up=3, step_size_down=5, mode="triangular2", base_momentum=0.7)',
    (optimizer) =>
      new lrScheduler.CyclicLR(optimizer, 0.01, 0.3, {
        stepSizeUp: 3,
        stepSizeDown: 5,
        mode: 'triangular2',
        baseMomentum: 0.7,
      }),
  ),
  of(
    'CyclicLR(optimizer, 0.01, 0.3, step_size_up=4, mode="exp_range", gamma=0.97, cycle_momentum=False)',
    (optimizer) =>
      new lrScheduler.CyclicLR(optimizer, 0.01, 0.3, {
        stepSizeUp: 4,
        mode: 'exp_range',
        gamma: 0.97,
        cycleMomentum: false,
      }),
  ),
  of(
    'CyclicLR(optimizer, 0.01, 0.3, step_size_up=4, scale_fn=lambda x: 1 / (x + 1), scale_mode="iterations")',
    (optimizer) =>
      new lrScheduler.CyclicLR(optimizer, 0.01, 0.3, {
        stepSizeUp: 4,
        scaleFn: (x) => 1 / (x + 1),
        scaleMode: 'iterations',
      }),
  ),

  of(
    'OneCycleLR(optimizer, max_lr=0.5, total_steps=20)',
    (optimizer) => new lrScheduler.OneCycleLR(optimizer, 0.5, { totalSteps: 20 }),
  ),
  of(
    'OneCycleLR(optimizer, 0.5, epochs=3, steps_per_epoch=8, pct_start=0.4, anneal_strategy="linear", div_factor=10)',
    (optimizer) =>
      new lrScheduler.OneCycleLR(optimizer, 0.5, {
        epochs: 3,
        stepsPerEpoch: 8,
        pctStart: 0.4,
        annealStrategy: 'linear',
        divFactor: 10,
      }),
  ),
  of(
    'OneCycleLR(optimizer, 0.5, total_steps=23, three_phase=True, cycle_momentum=False, final_div_factor=100)',
    (optimizer) =>
      new lrScheduler.OneCycleLR(optimizer, 0.5, {
        totalSteps: 23,
        threePhase: true,
        cycleMomentum: false,
        finalDivFactor: 100,
      }),
  ),

  plateau('patience=1', { patience: 1 }),
  plateau('"max", factor=0.5, patience=0, cooldown=2, min_lr=0.02', {
    mode: 'max',
    factor: 0.5,
    patience: 0,
    cooldown: 2,
    minLr: 0.02,
  }),
  plateau('factor=0.7, patience=0, threshold=0.05, threshold_mode="abs", eps=0.01', {
    factor: 0.7,
    patience: 0,
    threshold: 0.05,
    thresholdMode: 'abs',
    eps: 0.01,
  }),

  of(
    'ChainedScheduler([lr_scheduler.ConstantLR(optimizer, factor=0.1, total_iters=20), lr_scheduler.ExponentialLR(optimizer, gamma=0.9)])',
    (optimizer) => new lrScheduler.ChainedScheduler(constantThenExponential(optimizer)),
  ),
  of(
    'ChainedScheduler([lr_scheduler.LinearLR(optimizer, total_iters=4), lr_scheduler.CosineAnnealingLR(optimizer, 9)])',
    (optimizer) => new lrScheduler.ChainedScheduler(warmUpThenCosine(optimizer)),
  ),
  of(
    'SequentialLR(optimizer, [lr_scheduler.ConstantLR(optimizer, factor=0.1, total_iters=20), lr_scheduler.ExponentialLR(optimizer, gamma=0.9)], milestones=[6])',
    (optimizer) => new lrScheduler.SequentialLR(optimizer, constantThenExponential(optimizer), [6]),
  ),
  of(
    'SequentialLR(optimizer, [lr_scheduler.LinearLR(optimizer, total_iters=4), lr_scheduler.CosineAnnealingLR(optimizer, 9)], [4])',
    (optimizer) => new lrScheduler.SequentialLR(optimizer, warmUpThenCosine(optimizer), [4]),
  ),
  of(
    'SequentialLR(optimizer, [lr_scheduler.StepLR(optimizer, 2), lr_scheduler.PolynomialLR(optimizer), lr_scheduler.MultiStepLR(optimizer, [1, 3])], [5, 12])',
    (optimizer) =>
      new lrScheduler.SequentialLR(
        optimizer,
        [
          new lrScheduler.StepLR(optimizer, 2),
          new lrScheduler.PolynomialLR(optimizer),
          new lrScheduler.MultiStepLR(optimizer, [1, 3]),
        ],
        [5, 12],
      ),
  ),

  swa('swa_lr=0.02, anneal_epochs=6', { swaLr: 0.02, annealEpochs: 6 }),
  swa("swa_lr=[0.3], anneal_epochs=3, anneal_strategy='linear'", {
    swaLr: [0.3],
    annealEpochs: 3,
    annealStrategy: 'linear',
  }),
  swa('swa_lr=0.05, anneal_epochs=0', { swaLr: 0.05, annealEpochs: 0 }),
];
