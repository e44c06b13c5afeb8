"""A pole on a cart, after Barto, Sutton and Anderson 1983; the same to the last bit as cart-pole.ts."""
import math

import torch

gravity, mass_cart, mass_pole, length, force_mag, tau = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02
total_mass = mass_cart + mass_pole
polemass_length = mass_pole * length
theta_limit = 12 * 2 * math.pi / 360
x_limit = 2.4


class CartPole:
    def reset(self):
        self.state = (torch.rand(4, dtype=torch.double) * 0.1 - 0.05).tolist()
        return self.state

    def step(self, action):
        x, x_dot, theta, theta_dot = self.state
        force = force_mag if action == 1 else -force_mag
        # The library's sine and cosine: every language has its own.
        angle = torch.tensor(theta, dtype=torch.double)
        costheta, sintheta = angle.cos().item(), angle.sin().item()
        temp = (force + polemass_length * theta_dot * theta_dot * sintheta) / total_mass
        theta_acc = (gravity * sintheta - costheta * temp) / (
            length * (4.0 / 3.0 - mass_pole * costheta * costheta / total_mass)
        )
        x_acc = temp - polemass_length * theta_acc * costheta / total_mass
        self.state = [
            x + tau * x_dot,
            x_dot + tau * x_acc,
            theta + tau * theta_dot,
            theta_dot + tau * theta_acc,
        ]
        done = abs(self.state[0]) > x_limit or abs(self.state[2]) > theta_limit
        return self.state, 1.0, done
