import { type nn, optim } from 'tandem-torch';
import type { OptimizerCase } from './case';

const of = (python: string, typescript: OptimizerCase['typescript']): OptimizerCase => ({
  kind: 'optimizer',
  python: `optim.${python}`,
  typescript,
});

type Parameter = nn.Parameter;
const isMatrix = (p: Parameter) => p.ndim === 2;
/** Parameters whose gradients are sparse. */
const sparse = (params: Parameter[]): Parameter[] => {
  for (const p of params) {
    p.registerPostAccumulateGradHook((self) => {
      self.grad = self.grad!.toSparse();
    });
  }
  return params;
};

/** The optimizers of torch.optim, each with several settings. */
export const optimizers: readonly OptimizerCase[] = [
  of('SGD(params)', (params) => new optim.SGD(params)),
  of(
    'SGD(params, lr=0.1, momentum=0.9)',
    (params) => new optim.SGD(params, { lr: 0.1, momentum: 0.9 }),
  ),
  of(
    'SGD(params, lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.01)',
    (params) =>
      new optim.SGD(params, { lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 }),
  ),
  of(
    'SGD(params, lr=0.1, momentum=0.9, nesterov=True, maximize=True)',
    (params) => new optim.SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true, maximize: true }),
  ),
  of(
    'SGD(params, lr=0.1, momentum=0.9, nesterov=True, foreach=True)',
    (params) => new optim.SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true, foreach: true }),
  ),
  of(
    'SGD(params, lr=0.1, momentum=0.9, weight_decay=0.1, fused=True)',
    (params) => new optim.SGD(params, { lr: 0.1, momentum: 0.9, weightDecay: 0.1, fused: true }),
  ),
  of(
    'SGD([{"params": params[:2]}, {"params": params[2:], "lr": 0.5, "momentum": 0}], lr=0.1, momentum=0.9)',
    (params) =>
      new optim.SGD(
        [{ params: params.slice(0, 2) }, { params: params.slice(2), lr: 0.5, momentum: 0 }],
        { lr: 0.1, momentum: 0.9 },
      ),
  ),

  of('Adam(params)', (params) => new optim.Adam(params)),
  of(
    'Adam(params, lr=0.05, betas=(0.8, 0.95), eps=1e-6)',
    (params) => new optim.Adam(params, { lr: 0.05, betas: [0.8, 0.95], eps: 1e-6 }),
  ),
  of(
    'Adam(params, lr=0.01, amsgrad=True, weight_decay=0.1)',
    (params) => new optim.Adam(params, { lr: 0.01, amsgrad: true, weightDecay: 0.1 }),
  ),
  of(
    'Adam(params, lr=0.01, maximize=True, foreach=True, amsgrad=True)',
    (params) => new optim.Adam(params, { lr: 0.01, maximize: true, foreach: true, amsgrad: true }),
  ),
  of(
    'Adam(params, lr=0.01, weight_decay=0.1, fused=True)',
    (params) => new optim.Adam(params, { lr: 0.01, weightDecay: 0.1, fused: true }),
  ),
  of(
    'Adam(params, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)',
    (params) => new optim.Adam(params, { lr: 0.01, weightDecay: 0.1, decoupledWeightDecay: true }),
  ),
  of(
    'Adam([{"params": params[:1], "lr": 0.1}, {"params": params[1:], "betas": (0.5, 0.9)}])',
    (params) =>
      new optim.Adam([
        { params: params.slice(0, 1), lr: 0.1 },
        { params: params.slice(1), betas: [0.5, 0.9] },
      ]),
  ),

  of('AdamW(params)', (params) => new optim.AdamW(params)),
  of(
    'AdamW(params, lr=0.01, weight_decay=0.2, amsgrad=True)',
    (params) => new optim.AdamW(params, { lr: 0.01, weightDecay: 0.2, amsgrad: true }),
  ),
  of(
    'AdamW(params, lr=0.01, maximize=True)',
    (params) => new optim.AdamW(params, { lr: 0.01, maximize: true }),
  ),
  of(
    'AdamW(params, lr=0.01, foreach=True)',
    (params) => new optim.AdamW(params, { lr: 0.01, foreach: true }),
  ),
  of(
    'AdamW(params, lr=0.01, amsgrad=True, fused=True)',
    (params) => new optim.AdamW(params, { lr: 0.01, amsgrad: true, fused: true }),
  ),

  of('RMSprop(params)', (params) => new optim.RMSprop(params)),
  of(
    'RMSprop(params, lr=0.02, alpha=0.9, momentum=0.9, centered=True)',
    (params) => new optim.RMSprop(params, { lr: 0.02, alpha: 0.9, momentum: 0.9, centered: true }),
  ),
  of(
    'RMSprop(params, lr=0.02, eps=1e-4, weight_decay=0.1, maximize=True)',
    (params) =>
      new optim.RMSprop(params, { lr: 0.02, eps: 1e-4, weightDecay: 0.1, maximize: true }),
  ),
  of(
    'RMSprop(params, lr=0.02, momentum=0.5, centered=True, foreach=True)',
    (params) =>
      new optim.RMSprop(params, { lr: 0.02, momentum: 0.5, centered: true, foreach: true }),
  ),
  of(
    'RMSprop(params, weight_decay=0.1, foreach=True)',
    (params) => new optim.RMSprop(params, { weightDecay: 0.1, foreach: true }),
  ),

  of('Adagrad(params)', (params) => new optim.Adagrad(params)),
  of(
    'Adagrad(params, lr=0.1, lr_decay=0.1, initial_accumulator_value=0.2)',
    (params) => new optim.Adagrad(params, { lr: 0.1, lrDecay: 0.1, initialAccumulatorValue: 0.2 }),
  ),
  of(
    'Adagrad(params, lr=0.1, weight_decay=0.1, maximize=True)',
    (params) => new optim.Adagrad(params, { lr: 0.1, weightDecay: 0.1, maximize: true }),
  ),
  of(
    'Adagrad(params, lr=0.1, lr_decay=0.1, foreach=True)',
    (params) => new optim.Adagrad(params, { lr: 0.1, lrDecay: 0.1, foreach: true }),
  ),
  of(
    'Adagrad(params, lr=0.1, lr_decay=0.1, weight_decay=0.1, fused=True)',
    (params) => new optim.Adagrad(params, { lr: 0.1, lrDecay: 0.1, weightDecay: 0.1, fused: true }),
  ),

  of('Adadelta(params)', (params) => new optim.Adadelta(params)),
  of(
    'Adadelta(params, lr=0.5, rho=0.8, eps=1e-4)',
    (params) => new optim.Adadelta(params, { lr: 0.5, rho: 0.8, eps: 1e-4 }),
  ),
  of(
    'Adadelta(params, weight_decay=0.1, maximize=True)',
    (params) => new optim.Adadelta(params, { weightDecay: 0.1, maximize: true }),
  ),
  of(
    'Adadelta(params, weight_decay=0.1, maximize=True, foreach=True)',
    (params) => new optim.Adadelta(params, { weightDecay: 0.1, maximize: true, foreach: true }),
  ),

  of('NAdam(params)', (params) => new optim.NAdam(params)),
  of(
    'NAdam(params, lr=0.05, betas=(0.8, 0.95), momentum_decay=0.01)',
    (params) => new optim.NAdam(params, { lr: 0.05, betas: [0.8, 0.95], momentumDecay: 0.01 }),
  ),
  of(
    'NAdam(params, weight_decay=0.1, maximize=True)',
    (params) => new optim.NAdam(params, { weightDecay: 0.1, maximize: true }),
  ),
  of(
    'NAdam(params, weight_decay=0.1, decoupled_weight_decay=True)',
    (params) => new optim.NAdam(params, { weightDecay: 0.1, decoupledWeightDecay: true }),
  ),
  of(
    'NAdam(params, weight_decay=0.1, foreach=True)',
    (params) => new optim.NAdam(params, { weightDecay: 0.1, foreach: true }),
  ),

  of('RAdam(params)', (params) => new optim.RAdam(params)),
  of(
    'RAdam(params, lr=0.05, betas=(0.8, 0.7))',
    (params) => new optim.RAdam(params, { lr: 0.05, betas: [0.8, 0.7] }),
  ),
  of(
    'RAdam(params, lr=0.05, betas=(0.8, 0.97), weight_decay=0.1, maximize=True)',
    (params) =>
      new optim.RAdam(params, { lr: 0.05, betas: [0.8, 0.97], weightDecay: 0.1, maximize: true }),
  ),
  of(
    'RAdam(params, weight_decay=0.1, decoupled_weight_decay=True)',
    (params) => new optim.RAdam(params, { weightDecay: 0.1, decoupledWeightDecay: true }),
  ),
  of(
    'RAdam(params, lr=0.05, weight_decay=0.1, foreach=True, maximize=True)',
    (params) =>
      new optim.RAdam(params, { lr: 0.05, weightDecay: 0.1, foreach: true, maximize: true }),
  ),

  of('Adamax(params)', (params) => new optim.Adamax(params)),
  of(
    'Adamax(params, lr=0.05, betas=(0.8, 0.95), eps=1e-4)',
    (params) => new optim.Adamax(params, { lr: 0.05, betas: [0.8, 0.95], eps: 1e-4 }),
  ),
  of(
    'Adamax(params, weight_decay=0.1, maximize=True)',
    (params) => new optim.Adamax(params, { weightDecay: 0.1, maximize: true }),
  ),
  of('Adamax(params, foreach=True)', (params) => new optim.Adamax(params, { foreach: true })),
  of(
    'Adamax(params, weight_decay=0.1, foreach=True)',
    (params) => new optim.Adamax(params, { weightDecay: 0.1, foreach: true }),
  ),

  of('ASGD(params)', (params) => new optim.ASGD(params)),
  of(
    'ASGD(params, lr=0.1, lambd=0.01, alpha=0.5, t0=2)',
    (params) => new optim.ASGD(params, { lr: 0.1, lambd: 0.01, alpha: 0.5, t0: 2 }),
  ),
  of(
    'ASGD(params, weight_decay=0.1, maximize=True)',
    (params) => new optim.ASGD(params, { weightDecay: 0.1, maximize: true }),
  ),
  of(
    'ASGD(params, lr=0.1, lambd=0.01, t0=2, foreach=True)',
    (params) => new optim.ASGD(params, { lr: 0.1, lambd: 0.01, t0: 2, foreach: true }),
  ),
  of(
    'ASGD(params, weight_decay=0.1, maximize=True, foreach=True)',
    (params) => new optim.ASGD(params, { weightDecay: 0.1, maximize: true, foreach: true }),
  ),

  of('Rprop(params)', (params) => new optim.Rprop(params)),
  of(
    'Rprop(params, lr=0.1, etas=(0.3, 1.7), step_sizes=(1e-3, 0.2))',
    (params) => new optim.Rprop(params, { lr: 0.1, etas: [0.3, 1.7], stepSizes: [1e-3, 0.2] }),
  ),
  of('Rprop(params, maximize=True)', (params) => new optim.Rprop(params, { maximize: true })),
  of(
    'Rprop(params, lr=0.1, foreach=True, maximize=True)',
    (params) => new optim.Rprop(params, { lr: 0.1, foreach: true, maximize: true }),
  ),

  of('LBFGS(params)', (params) => new optim.LBFGS(params)),
  of(
    'LBFGS(params, lr=0.1, max_iter=5, history_size=3)',
    (params) => new optim.LBFGS(params, { lr: 0.1, maxIter: 5, historySize: 3 }),
  ),
  of(
    'LBFGS(params, line_search_fn="strong_wolfe")',
    (params) => new optim.LBFGS(params, { lineSearchFn: 'strong_wolfe' }),
  ),
  of(
    'LBFGS(params, lr=5, max_iter=8, history_size=4, line_search_fn="strong_wolfe")',
    (params) =>
      new optim.LBFGS(params, { lr: 5, maxIter: 8, historySize: 4, lineSearchFn: 'strong_wolfe' }),
  ),
  of(
    'LBFGS(params, lr=0.01, max_iter=4, max_eval=30, line_search_fn="strong_wolfe")',
    (params) =>
      new optim.LBFGS(params, { lr: 0.01, maxIter: 4, maxEval: 30, lineSearchFn: 'strong_wolfe' }),
  ),

  of('Adafactor(params)', (params) => new optim.Adafactor(params)),
  of(
    'Adafactor(params, lr=0.05, weight_decay=0.1, beta2_decay=-0.5)',
    (params) => new optim.Adafactor(params, { lr: 0.05, weightDecay: 0.1, beta2Decay: -0.5 }),
  ),
  of(
    'Adafactor(params, foreach=True, maximize=True, eps=(1e-6, 1e-2), d=2.0)',
    (params) =>
      new optim.Adafactor(params, { foreach: true, maximize: true, eps: [1e-6, 1e-2], d: 2 }),
  ),

  of(
    'Muon([p for p in params if p.ndim == 2])',
    (params) => new optim.Muon(params.filter(isMatrix)),
  ),
  of(
    'Muon([p for p in params if p.ndim == 2], lr=0.1, weight_decay=0, momentum=0.8, nesterov=False)',
    (params) =>
      new optim.Muon(params.filter(isMatrix), {
        lr: 0.1,
        weightDecay: 0,
        momentum: 0.8,
        nesterov: false,
      }),
  ),
  of(
    "Muon([p for p in params if p.ndim == 2], ns_steps=3, adjust_lr_fn='match_rms_adamw')",
    (params) =>
      new optim.Muon(params.filter(isMatrix), { nsSteps: 3, adjustLrFn: 'match_rms_adamw' }),
  ),

  of(
    "SparseAdam([p for p in params if p.register_post_accumulate_grad_hook(lambda p: setattr(p, 'grad', p.grad.to_sparse()))], lr=0.1)",
    (params) => new optim.SparseAdam(sparse(params), { lr: 0.1 }),
  ),
  of(
    "SparseAdam([p for p in params if p.register_post_accumulate_grad_hook(lambda p: setattr(p, 'grad', p.grad.to_sparse()))], betas=(0.8, 0.9), eps=1e-5, maximize=True)",
    (params) =>
      new optim.SparseAdam(sparse(params), { betas: [0.8, 0.9], eps: 1e-5, maximize: true }),
  ),
];
