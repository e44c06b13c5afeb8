import { noGrad } from '../autograd';
import { empty, rand, where, zeros } from '../generated/functions';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import type { SampleShape } from './distribution';
import { family } from './family';
import { over } from './parameters';

const smallI0 = [1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813];

const largeI0 = [
  0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537, -0.01647633,
  0.00392377,
];

const smallI1 = [0.5, 0.87890594, 0.51498869, 0.15084934, 0.02658733, 0.00301532, 0.00032411];

const largeI1 = [
  0.39894228, -0.03988024, -0.00362018, 0.00163801, -0.01031555, 0.02282967, -0.02895312,
  0.01787654, -0.00420059,
];

/** A polynomial in y with the given coefficients, the constant first. */
function polynomial(y: Tensor, coefficients: readonly number[]): Tensor {
  const [last, next, ...rest] = coefficients.toReversed() as [number, number, ...number[]];
  let result = y.mul(last).add(next);
  for (const each of rest) result = y.mul(result).add(each);
  return result;
}

/** The logarithm of the modified Bessel function of order 0 or 1 (Abramowitz and Stegun 9.8). */
function logBessel(x: Tensor, order: 0 | 1): Tensor {
  const ratio = x.div(3.75);
  const polynomialOf = polynomial(ratio.mul(ratio), order === 0 ? smallI0 : smallI1);
  const small = (order === 1 ? x.abs().mul(polynomialOf) : polynomialOf).log();
  const y = over(3.75, x);
  const large = x.sub(x.log().mul(0.5)).add(polynomial(y, order === 0 ? largeI0 : largeI1).log());
  return where(x.lt(3.75), small, large);
}

/** An angle (`torch.distributions.VonMises`). */
export class VonMises extends family(
  'VonMises',
  { loc: constraints.real, concentration: constraints.positive },
  { support: constraints.real },
) {
  override get mean() {
    return this.loc;
  }
  override get mode() {
    return this.loc;
  }
  override get variance() {
    const { concentration } = this;
    return logBessel(concentration, 1).sub(logBessel(concentration, 0)).exp().neg().add(1);
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    return this.concentration
      .mul(value.sub(this.loc).cos())
      .sub(Math.log(2 * Math.PI))
      .sub(logBessel(this.concentration, 0));
  }
  /** By rejection, after Best and Fisher 1979, in double precision. */
  override sample(sampleShape: SampleShape = []) {
    return noGrad(() => {
      const loc = this.loc.to('float64');
      const kappa = this.concentration.to('float64');
      const tau = kappa.pow(2).mul(4).add(1).sqrt().add(1);
      const rho = tau.sub(tau.mul(2).sqrt()).div(kappa.mul(2));
      const exact = rho.pow(2).add(1).div(rho.mul(2));
      const r = where(kappa.lt(1e-5), over(1, kappa).add(kappa), exact);
      const shape = this.extendedShape(sampleShape);
      const options = { dtype: 'float64', device: loc.device } as const;
      let x = empty(shape, options);
      let done = zeros(shape, { dtype: 'bool', device: loc.device });
      while (!done.all().item()) {
        const [u1, u2, u3] = rand([3, ...shape], options).unbind() as [Tensor, Tensor, Tensor];
        const z = u1.mul(Math.PI).cos();
        const f = r.mul(z).add(1).div(r.add(z));
        const c = kappa.mul(r.sub(f));
        const accept = c
          .mul(c.neg().add(2))
          .sub(u2)
          .gt(0)
          .bitwiseOr(c.div(u2).log().add(1).sub(c).ge(0));
        if (!accept.any().item()) continue;
        x = where(accept, u3.sub(0.5).sign().mul(f.acos()), x);
        done = done.bitwiseOr(accept);
      }
      const angle = x
        .add(Math.PI)
        .add(loc)
        .remainder(2 * Math.PI)
        .sub(Math.PI);
      return angle.to(this.loc.dtype);
    });
  }
}
