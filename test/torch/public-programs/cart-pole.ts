/** A pole on a cart, after Barto, Sutton and Anderson 1983; the same to the last bit as cart_pole.py. */
import * as torch from 'tandem/torch';

const [gravity, massCart, massPole, length, forceMag, tau] = [9.8, 1, 0.1, 0.5, 10, 0.02];
const totalMass = massCart + massPole;
const polemassLength = massPole * length;
const thetaLimit = (12 * 2 * Math.PI) / 360;
const xLimit = 2.4;

export type State = [x: number, xDot: number, theta: number, thetaDot: number];

export class CartPole {
  state: State = [0, 0, 0, 0];

  reset(): State {
    this.state = torch
      .rand(4, { dtype: torch.double })
      .mul(0.1)
      .sub(0.05)
      .tolist() as never as State;
    return this.state;
  }

  step(action: number): [State, number, boolean] {
    const [x, xDot, theta, thetaDot] = this.state;
    const force = action === 1 ? forceMag : -forceMag;
    // The library's sine and cosine: every language has its own.
    const angle = torch.tensor(theta, { dtype: torch.double });
    const [costheta, sintheta] = [angle.cos().item(), angle.sin().item()];
    const temp = (force + polemassLength * thetaDot * thetaDot * sintheta) / totalMass;
    const thetaAcc =
      (gravity * sintheta - costheta * temp) /
      (length * (4 / 3 - (massPole * costheta * costheta) / totalMass));
    const xAcc = temp - (polemassLength * thetaAcc * costheta) / totalMass;
    this.state = [
      x + tau * xDot,
      xDot + tau * xAcc,
      theta + tau * thetaDot,
      thetaDot + tau * thetaAcc,
    ];
    const done = Math.abs(this.state[0]) > xLimit || Math.abs(this.state[2]) > thetaLimit;
    return [this.state, 1, done];
  }
}
