/** Every distribution against Python's, to the last bit: samples of one seed, densities, moments, divergences, transforms. */
import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { distributions: d } = torch;
const { constraints: c, transforms: t } = d;
const T = (values: unknown) => torch.tensor(values as never, { dtype: 'float32' });

const setUp = `
import warnings; warnings.simplefilter('ignore')
import torch.distributions as d
import torch.distributions.constraints as c
import torch.distributions.transforms as t
from torch.distributions.relaxed_bernoulli import LogitRelaxedBernoulli
from torch.distributions.relaxed_categorical import ExpRelaxedCategorical
T = lambda x: torch.tensor(x, dtype=torch.float32)
def asked(make, name):
    try:
        x = make()
        if name == 'sample': torch.manual_seed(3); return bits(x.sample((2, 3)))
        if name == 'rsample':
            torch.manual_seed(4)
            return bits(x.rsample((3,))) if x.has_rsample else 'none'
        if name == 'log_prob': torch.manual_seed(3); return bits(x.log_prob(x.sample((2, 3))))
        if name == 'cdf': torch.manual_seed(3); return bits(x.cdf(x.sample((2, 3))))
        if name == 'icdf': return bits(x.icdf(T([0.1, 0.5, 0.9]).view(-1, *[1] * len(x.batch_shape))))
        if name == 'entropy': return bits(x.entropy())
        if name == 'expand': torch.manual_seed(5); return bits(x.expand([2, *x.batch_shape]).sample())
        if name == 'enumerate_support': return bits(x.enumerate_support())
        if name == 'str': return str(x)
        if name == 'shapes': return str([list(x.batch_shape), list(x.event_shape), x.has_rsample])
        return bits(getattr(x, name))
    except (NotImplementedError, AttributeError, ValueError) as e:
        return 'refused'
def grads(make, params):
    params = [p.clone().requires_grad_() for p in params]
    torch.manual_seed(6)
    x = make(*params)
    x.rsample((2,)).sum().backward()
    return bits([p.grad for p in params])
`;

/** Python's expression and ours. */
const made: [string, () => InstanceType<typeof d.Distribution>][] = [
  ['d.Normal(0., 1.)', () => new d.Normal(0, 1)],
  ['d.Normal(T([0., 1]), T([1., 2]))', () => new d.Normal(T([0, 1]), T([1, 2]))],
  ['d.LogNormal(T([0., 1]), T([1., .5]))', () => new d.LogNormal(T([0, 1]), T([1, 0.5]))],
  ['d.HalfNormal(T([1., 2]))', () => new d.HalfNormal(T([1, 2]))],
  ['d.LogisticNormal(T([0., 1]), T([1., .5]))', () => new d.LogisticNormal(T([0, 1]), T([1, 0.5]))],
  ['d.Cauchy(T([0., 1]), 2.)', () => new d.Cauchy(T([0, 1]), 2)],
  ['d.HalfCauchy(T([1., 2]))', () => new d.HalfCauchy(T([1, 2]))],
  ['d.Laplace(T([0., 1]), T([1., 2]))', () => new d.Laplace(T([0, 1]), T([1, 2]))],
  ['d.Exponential(T([.5, 2]))', () => new d.Exponential(T([0.5, 2]))],
  ['d.Uniform(T([0., 1]), T([1., 3]))', () => new d.Uniform(T([0, 1]), T([1, 3]))],
  ['d.Gumbel(T([0., 1]), T([1., 2]))', () => new d.Gumbel(T([0, 1]), T([1, 2]))],
  ['d.Gumbel(0., 1.)', () => new d.Gumbel(0, 1)],
  ['d.Weibull(T([1., 2]), T([1.5, 1]))', () => new d.Weibull(T([1, 2]), T([1.5, 1]))],
  ['d.Pareto(T([1., 2]), T([1.5, 3]))', () => new d.Pareto(T([1, 2]), T([1.5, 3]))],
  ['d.Kumaraswamy(T([1., 2]), T([1.5, 3]))', () => new d.Kumaraswamy(T([1, 2]), T([1.5, 3]))],
  [
    'd.GeneralizedPareto(T([0., 1]), T([1., 2]), T([.2, 0]))',
    () => new d.GeneralizedPareto(T([0, 1]), T([1, 2]), T([0.2, 0])),
  ],
  ['d.VonMises(T([0., 1]), T([1., 5]))', () => new d.VonMises(T([0, 1]), T([1, 5]))],
  ['d.Gamma(T([.5, 2]), T([1., 3]))', () => new d.Gamma(T([0.5, 2]), T([1, 3]))],
  ['d.Chi2(T([1., 4]))', () => new d.Chi2(T([1, 4]))],
  ['d.InverseGamma(T([.5, 3]), T([1., 2]))', () => new d.InverseGamma(T([0.5, 3]), T([1, 2]))],
  ['d.FisherSnedecor(T([2., 3]), T([5., 1]))', () => new d.FisherSnedecor(T([2, 3]), T([5, 1]))],
  ['d.StudentT(T([2., 5]), T([0., 1]), 2.)', () => new d.StudentT(T([2, 5]), T([0, 1]), 2)],
  ['d.StudentT(3.)', () => new d.StudentT(3)],
  [
    'd.Dirichlet(T([[.5, 2, 1], [1, 1, 1]]))',
    () =>
      new d.Dirichlet(
        T([
          [0.5, 2, 1],
          [1, 1, 1],
        ]),
      ),
  ],
  ['d.Beta(T([.5, 2]), T([1., 3]))', () => new d.Beta(T([0.5, 2]), T([1, 3]))],
  ['d.Beta(2., 3.)', () => new d.Beta(2, 3)],
  ['d.ContinuousBernoulli(T([.2, .5]))', () => new d.ContinuousBernoulli(T([0.2, 0.5]))],
  [
    'd.ContinuousBernoulli(logits=T([.2, -1]))',
    () => new d.ContinuousBernoulli({ logits: T([0.2, -1]) }),
  ],
  ['d.Bernoulli(T([.2, .7]))', () => new d.Bernoulli(T([0.2, 0.7]))],
  ['d.Bernoulli(logits=T([.2, -1]))', () => new d.Bernoulli({ logits: T([0.2, -1]) })],
  ['d.Binomial(5, T([.2, .7]))', () => new d.Binomial(5, T([0.2, 0.7]))],
  ['d.Binomial(5, logits=T([.2, -1]))', () => new d.Binomial(5, { logits: T([0.2, -1]) })],
  ['d.Geometric(T([.2, .7]))', () => new d.Geometric(T([0.2, 0.7]))],
  [
    'd.NegativeBinomial(T([3., 5]), T([.2, .7]))',
    () => new d.NegativeBinomial(T([3, 5]), T([0.2, 0.7])),
  ],
  ['d.Poisson(T([1., 4]))', () => new d.Poisson(T([1, 4]))],
  [
    'd.Categorical(T([[1., 2, 3], [1, 1, 2]]))',
    () =>
      new d.Categorical(
        T([
          [1, 2, 3],
          [1, 1, 2],
        ]),
      ),
  ],
  ['d.Categorical(logits=T([0., 1, -1]))', () => new d.Categorical({ logits: T([0, 1, -1]) })],
  [
    'd.OneHotCategorical(T([[1., 2, 3], [1, 1, 2]]))',
    () =>
      new d.OneHotCategorical(
        T([
          [1, 2, 3],
          [1, 1, 2],
        ]),
      ),
  ],
  [
    'd.OneHotCategoricalStraightThrough(T([1., 2, 3]))',
    () => new d.OneHotCategoricalStraightThrough(T([1, 2, 3])),
  ],
  [
    'd.Multinomial(4, T([[1., 2, 3], [1, 1, 2]]))',
    () =>
      new d.Multinomial(
        4,
        T([
          [1, 2, 3],
          [1, 1, 2],
        ]),
      ),
  ],
  [
    'd.MixtureSameFamily(d.Categorical(T([1., 2])), d.Normal(T([0., 3]), T([1., 2])))',
    () => new d.MixtureSameFamily(new d.Categorical(T([1, 2])), new d.Normal(T([0, 3]), T([1, 2]))),
  ],
  [
    'LogitRelaxedBernoulli(T(.5), T([.2, .7]))',
    () => new d.LogitRelaxedBernoulli(T(0.5), T([0.2, 0.7])),
  ],
  ['d.RelaxedBernoulli(T(.5), T([.2, .7]))', () => new d.RelaxedBernoulli(T(0.5), T([0.2, 0.7]))],
  [
    'ExpRelaxedCategorical(T(.5), T([1., 2, 3]))',
    () => new d.ExpRelaxedCategorical(T(0.5), T([1, 2, 3])),
  ],
  [
    'd.RelaxedOneHotCategorical(T(.5), T([1., 2, 3]))',
    () => new d.RelaxedOneHotCategorical(T(0.5), T([1, 2, 3])),
  ],
  [
    'd.MultivariateNormal(T([0., 1]), T([[2., .5], [.5, 1]]))',
    () =>
      new d.MultivariateNormal(
        T([0, 1]),
        T([
          [2, 0.5],
          [0.5, 1],
        ]),
      ),
  ],
  [
    'd.MultivariateNormal(T([[0., 1], [2, 3]]), scale_tril=T([[2., 0], [.5, 1]]))',
    () =>
      new d.MultivariateNormal(
        T([
          [0, 1],
          [2, 3],
        ]),
        {
          scaleTril: T([
            [2, 0],
            [0.5, 1],
          ]),
        },
      ),
  ],
  [
    'd.MultivariateNormal(T([0., 1]), precision_matrix=T([[2., .5], [.5, 1]]))',
    () =>
      new d.MultivariateNormal(T([0, 1]), {
        precisionMatrix: T([
          [2, 0.5],
          [0.5, 1],
        ]),
      }),
  ],
  [
    'd.LowRankMultivariateNormal(T([0., 1]), T([[1.], [.5]]), T([1., 2]))',
    () => new d.LowRankMultivariateNormal(T([0, 1]), T([[1], [0.5]]), T([1, 2])),
  ],
  [
    'd.Wishart(T(4.), T([[2., .5], [.5, 1]]))',
    () =>
      new d.Wishart(
        T(4),
        T([
          [2, 0.5],
          [0.5, 1],
        ]),
      ),
  ],
  ['d.LKJCholesky(3, T(.5))', () => new d.LKJCholesky(3, T(0.5))],
  [
    'd.Independent(d.Normal(T([0., 1]), T([1., 2])), 1)',
    () => new d.Independent(new d.Normal(T([0, 1]), T([1, 2])), 1),
  ],
  [
    'd.TransformedDistribution(d.Normal(T([0., 1]), T([1., 2])), [t.TanhTransform(), t.AffineTransform(1., 2.)])',
    () =>
      new d.TransformedDistribution(new d.Normal(T([0, 1]), T([1, 2])), [
        new t.TanhTransform(),
        new t.AffineTransform(1, 2),
      ]),
  ],
];

const seeded = (seed: number, run: () => unknown): unknown => {
  torch.manualSeed(seed);
  return run();
};

const questions: Record<string, (x: InstanceType<typeof d.Distribution>) => unknown> = {
  sample: (x) => seeded(3, () => x.sample([2, 3])),
  rsample: (x) => seeded(4, () => (x.hasRsample ? x.rsample([3]) : 'none')),
  log_prob: (x) => seeded(3, () => x.logProb(x.sample([2, 3]))),
  cdf: (x) => seeded(3, () => x.cdf(x.sample([2, 3]))),
  icdf: (x) => x.icdf(T([0.1, 0.5, 0.9]).view([-1, ...x.batchShape.map(() => 1)])),
  entropy: (x) => x.entropy(),
  mean: (x) => x.mean,
  mode: (x) => x.mode,
  variance: (x) => x.variance,
  stddev: (x) => x.stddev,
  expand: (x) => seeded(5, () => x.expand([2, ...x.batchShape]).sample()),
  enumerate_support: (x) => x.enumerateSupport(),
  str: (x) => String(x),
  shapes: (x) =>
    `[[${x.batchShape.join(', ')}], [${x.eventShape.join(', ')}], ${x.hasRsample ? 'True' : 'False'}]`,
};

const answers = python(
  made.flatMap(([make]) => Object.keys(questions).map((q) => `asked(lambda: ${make}, '${q}')`)),
  setUp,
);

test.each(made.map(([name, make], i) => [name, make, i] as const))('%s', (_, make, i) => {
  const names = Object.keys(questions);
  const theirs = Object.fromEntries(names.map((q, k) => [q, answers[i * names.length + k]!]));
  const ours = Object.fromEntries(
    names.map((q) => {
      try {
        return [q, bits(questions[q]!(make()))];
      } catch (error) {
        if (error instanceof torch.TorchError) return [q, 'refused'];
        throw error;
      }
    }),
  );
  expect(ours).toEqual(theirs);
});

const families: [string, () => InstanceType<typeof d.Distribution>][] = [
  ...made,
  ['d.Normal(T([1., 0]), T([2., 1]))', () => new d.Normal(T([1, 0]), T([2, 1]))],
  [
    'd.Categorical(T([[3., 2, 1], [0, 1, 1]]))',
    () =>
      new d.Categorical(
        T([
          [3, 2, 1],
          [0, 1, 1],
        ]),
      ),
  ],
  ['d.Uniform(T([-1., 0]), T([2., 4]))', () => new d.Uniform(T([-1, 0]), T([2, 4]))],
];
test('the divergences of all pairs', () => {
  const theirs = python(
    families.map((_, i) => `[kl(P[${i}], q) for q in P]`),
    `${setUp}
P = [${families.map(([make]) => make).join(', ')}]
def kl(p, q):
    try:
        return bits(d.kl_divergence(p, q))
    except (NotImplementedError, ValueError, RuntimeError):
        return 'refused'
`,
  );
  const all = families.map(([, make]) => make());
  const kl = (p: (typeof all)[number], q: (typeof all)[number]): string => {
    try {
      return bits(d.klDivergence(p, q));
    } catch (error) {
      if (error instanceof torch.TorchError) return 'refused';
      throw error;
    }
  };
  const listed = (texts: string[]) => `[${texts.map((each) => `'${each}'`).join(', ')}]`;
  const ours = all.map((p) => listed(all.map((q) => kl(p, q))));
  const byName = (rows: string[]) => Object.fromEntries(families.map(([p], i) => [p, rows[i]]));
  expect(byName(ours)).toEqual(byName(theirs));
  expect(
    ours
      .join()
      .split("', '")
      .filter((each) => !each.includes('refused')).length,
  ).toBeGreaterThan(150);
});

const maps: [string, InstanceType<typeof t.Transform>, string, unknown][] = [
  ['t.ExpTransform()', new t.ExpTransform(), '[-1., .5]', [-1, 0.5]],
  ['t.PowerTransform(T(2.))', new t.PowerTransform(T(2)), '[1., .5]', [1, 0.5]],
  ['t.PowerTransform(2)', new t.PowerTransform(2), '[1., .5]', [1, 0.5]],
  ['t.SigmoidTransform()', new t.SigmoidTransform(), '[-1., .5]', [-1, 0.5]],
  ['t.SoftplusTransform()', new t.SoftplusTransform(), '[-1., .5]', [-1, 0.5]],
  ['t.TanhTransform()', new t.TanhTransform(), '[-1., .5]', [-1, 0.5]],
  [
    't.AffineTransform(1., T([2., -3]))',
    new t.AffineTransform(1, T([2, -3])),
    '[-1., .5]',
    [-1, 0.5],
  ],
  [
    't.AffineTransform(1., 2., event_dim=1)',
    new t.AffineTransform(1, 2, { eventDim: 1 }),
    '[-1., .5]',
    [-1, 0.5],
  ],
  ['t.StickBreakingTransform()', new t.StickBreakingTransform(), '[-1., .5, 2]', [-1, 0.5, 2]],
  ['t.CorrCholeskyTransform()', new t.CorrCholeskyTransform(), '[-1., .5, 2]', [-1, 0.5, 2]],
  [
    't.ComposeTransform([t.ExpTransform(), t.AffineTransform(1., 2.)])',
    new t.ComposeTransform([new t.ExpTransform(), new t.AffineTransform(1, 2)]),
    '[-1., .5]',
    [-1, 0.5],
  ],
  ['t.ExpTransform().inv', new t.ExpTransform().inv, '[1., .5]', [1, 0.5]],
  [
    't.IndependentTransform(t.ExpTransform(), 1)',
    new t.IndependentTransform(new t.ExpTransform(), 1),
    '[1., .5]',
    [1, 0.5],
  ],
  [
    't.ReshapeTransform((4,), (2, 2))',
    new t.ReshapeTransform([4], [2, 2]),
    '[1., 2, 3, 4]',
    [1, 2, 3, 4],
  ],
  [
    't.CatTransform([t.ExpTransform(), t.TanhTransform()], -1, [1, 2])',
    new t.CatTransform([new t.ExpTransform(), new t.TanhTransform()], -1, [1, 2]),
    '[1., .5, .2]',
    [1, 0.5, 0.2],
  ],
  [
    't.StackTransform([t.ExpTransform(), t.TanhTransform()], -1)',
    new t.StackTransform([new t.ExpTransform(), new t.TanhTransform()], -1),
    '[1., .5]',
    [1, 0.5],
  ],
  [
    't.CumulativeDistributionTransform(d.Normal(0., 1.))',
    new t.CumulativeDistributionTransform(new d.Normal(0, 1)),
    '[1., .5]',
    [1, 0.5],
  ],
  ...(['real', 'positive', 'unitInterval', 'simplex', 'corrCholesky', 'realVector'] as const).map(
    (name): [string, InstanceType<typeof t.Transform>, string, unknown] => [
      `d.biject_to(c.${name.replace(/[A-Z]/g, (l) => `_${l.toLowerCase()}`)})`,
      d.bijectTo.call(c[name]),
      '[1., .5, -1]',
      [1, 0.5, -1],
    ],
  ),
  [
    'd.transform_to(c.interval(-1., 3.))',
    d.transformTo.call(c.interval(-1, 3)),
    '[1., .5]',
    [1, 0.5],
  ],
  ['d.transform_to(c.less_than(3.))', d.transformTo.call(c.lessThan(3)), '[1., .5]', [1, 0.5]],
];

test('transforms, there and back', () => {
  const theirs = python(
    maps.map(([f, , x]) => `went(${f}, T(${x}))`),
    `${setUp}
def went(f, x):
    y = f(x)
    return bits([y, f.inv(y), f.log_abs_det_jacobian(x, y)])
`,
  );
  const ours = maps.map(([, f, , values]) => {
    const x = T(values);
    const y = f.call(x);
    return bits([y, f.inv.call(y), f.logAbsDetJacobian(x, y)]);
  });
  expect(Object.fromEntries(maps.map(([name], i) => [name, ours[i]]))).toEqual(
    Object.fromEntries(maps.map(([name], i) => [name, theirs[i]])),
  );
});

test('which transforms are equal, as far as is known', () => {
  const made: [string, () => InstanceType<typeof t.Transform>][] = [
    ['t.ExpTransform()', () => new t.ExpTransform()],
    ['t.AbsTransform()', () => new t.AbsTransform()],
    ['t.PowerTransform(T(2.))', () => new t.PowerTransform(T(2))],
    ['t.AffineTransform(0., 2.)', () => new t.AffineTransform(0, 2)],
    ['t.CorrCholeskyTransform()', () => new t.CorrCholeskyTransform()],
    ['t.LowerCholeskyTransform()', () => new t.LowerCholeskyTransform()],
    ['t.StickBreakingTransform()', () => new t.StickBreakingTransform()],
    ['t.ReshapeTransform((2,), (2, 1))', () => new t.ReshapeTransform([2], [2, 1])],
    ['t.ExpTransform().inv', () => new t.ExpTransform().inv],
    [
      't.ComposeTransform([t.ExpTransform()])',
      () => new t.ComposeTransform([new t.ExpTransform()]),
    ],
    [
      't.IndependentTransform(t.ExpTransform(), 1)',
      () => new t.IndependentTransform(new t.ExpTransform(), 1),
    ],
    ['t.CatTransform([t.ExpTransform()])', () => new t.CatTransform([new t.ExpTransform()])],
    ['t.StackTransform([t.ExpTransform()])', () => new t.StackTransform([new t.ExpTransform()])],
  ];
  const theirs = python(
    made.map(
      ([a]) => `[bool(x == y) for x in [${a}] for y in [x, ${made.map(([b]) => b).join(', ')}]]`,
    ),
    setUp,
  );
  const ours = made.map(([, make]) => {
    const x = make();
    const equal = [x, ...made.map(([, other]) => other())].map((y) => x.equals(y));
    return `[${equal.map((each) => (each ? 'True' : 'False')).join(', ')}]`;
  });
  expect(ours).toEqual(theirs);
});

test('constraints', () => {
  const values = ['[-1., 0, .5, 1, 2]', [-1, 0, 0.5, 1, 2]] as const;
  const matrices = [
    '[[1., 0], [.5, 2]]',
    [
      [1, 0],
      [0.5, 2],
    ],
  ] as const;
  const cases: [string, InstanceType<typeof c.Constraint>, readonly [string, unknown]][] = [
    ['boolean', c.boolean, values],
    ['real', c.real, values],
    ['positive', c.positive, values],
    ['nonnegative', c.nonnegative, values],
    ['unit_interval', c.unitInterval, values],
    ['nonnegative_integer', c.nonnegativeInteger, values],
    ['positive_integer', c.positiveInteger, values],
    ['integer_interval(0, 1)', c.integerInterval(0, 1), values],
    ['interval(0., .5)', c.interval(0, 0.5), values],
    ['half_open_interval(0., 1.)', c.halfOpenInterval(0, 1), values],
    ['greater_than(0.5)', c.greaterThan(0.5), values],
    ['less_than(0.5)', c.lessThan(0.5), values],
    ['simplex', c.simplex, values],
    ['one_hot', c.oneHot, values],
    ['real_vector', c.realVector, values],
    ['multinomial(3)', c.multinomial(3), values],
    ['lower_triangular', c.lowerTriangular, matrices],
    ['lower_cholesky', c.lowerCholesky, matrices],
    ['corr_cholesky', c.corrCholesky, matrices],
    ['square', c.square, matrices],
    ['symmetric', c.symmetric, matrices],
    ['positive_definite', c.positiveDefinite, matrices],
    ['positive_semidefinite', c.positiveSemidefinite, matrices],
    ['cat([c.positive, c.real], -1, [2, 3])', c.cat([c.positive, c.real], -1, [2, 3]), values],
    ['independent(c.positive, 1)', c.independent(c.positive, 1), values],
  ];
  const theirs = python(
    cases.map(
      ([name, , [x]]) =>
        `str([bits(c.${name}.check(T(${x}))), c.${name}.event_dim, c.${name}.is_discrete, str(c.${name})])`,
    ),
    setUp,
  );
  const ours = cases.map(([, constraint, [, x]]) => {
    const name = (value: boolean) => (value ? 'True' : 'False');
    return `['${bits(constraint.check(T(x)))}', ${constraint.eventDim}, ${name(constraint.isDiscrete)}, '${constraint}']`;
  });
  const named = (all: string[]) => Object.fromEntries(cases.map(([name], i) => [name, all[i]]));
  expect(named(ours)).toEqual(named(theirs));
});

test('gradients flow through drawn values', () => {
  const cases: [
    string,
    (...p: torch.Tensor[]) => InstanceType<typeof d.Distribution>,
    string,
    number[][],
  ][] = [
    [
      'd.Normal',
      (a, b) => new d.Normal(a!, b!),
      '[T([0., 1]), T([1., 2])]',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      'd.Gamma',
      (a, b) => new d.Gamma(a!, b!),
      '[T([.5, 2]), T([1., 3])]',
      [
        [0.5, 2],
        [1, 3],
      ],
    ],
    [
      'd.Beta',
      (a, b) => new d.Beta(a!, b!),
      '[T([.5, 2]), T([1., 3])]',
      [
        [0.5, 2],
        [1, 3],
      ],
    ],
    ['d.Dirichlet', (a) => new d.Dirichlet(a!), '[T([.5, 2, 1])]', [[0.5, 2, 1]]],
    [
      'd.Gumbel',
      (a, b) => new d.Gumbel(a!, b!),
      '[T([0., 1]), T([1., 2])]',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      'd.StudentT',
      (a, b) => new d.StudentT(a!, b!),
      '[T([2., 5]), T([1., 2])]',
      [
        [2, 5],
        [1, 2],
      ],
    ],
  ];
  const theirs = python(
    cases.map(([name, , params]) => `grads(${name}, ${params})`),
    setUp,
  );
  const ours = cases.map(([, make, , values]) => {
    const params = values.map((each) => T(each).requiresGrad_());
    torch.manualSeed(6);
    make(...params)
      .rsample([2])
      .sum()
      .backward();
    return bits(params.map((each) => each.grad));
  });
  expect(ours).toEqual(theirs);
});

test('what breaks a constraint is refused with Python’s message', () => {
  expect(() => new d.Normal(0, -1)).toThrow(
    /Expected parameter scale .* of distribution Normal\(loc: 0.0, scale: -1.0\) to satisfy the constraint GreaterThan\(lower_bound=0.0\), but found invalid values:\n-1.0/,
  );
  expect(() => new d.Bernoulli(0.5).logProb(T([0.5]))).toThrow(
    /to be within the support \(Boolean\(\)\)/,
  );
  expect(() => new d.Categorical()).toThrow(
    'Either `probs` or `logits` must be specified, but not both.',
  );
  // @ts-expect-error: Python's TypeError, too.
  expect(() => new d.Normal(0)).toThrow(/missing 1 required positional argument: 'scale'/);
  new d.Normal(0, -1, { validateArgs: false });
  // @ts-expect-error: Python's TypeError, too.
  expect(() => new d.Normal(0, 1, { scal: 2 })).toThrow(/unexpected keyword argument 'scal'/);
});
