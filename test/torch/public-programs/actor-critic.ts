/** A policy and its critic, as PyTorch's example `actor_critic` has them. */
import * as torch from 'tandem/torch';
import { CartPole, type State } from './cart-pole';

const { nn, optim } = torch;
const F = nn.functional;
const { Categorical } = torch.distributions;

class Policy extends nn.Module {
  affine1 = new nn.Linear(4, 32);
  actionHead = new nn.Linear(32, 2);
  valueHead = new nn.Linear(32, 1);
  savedActions: [logProb: torch.Tensor, value: torch.Tensor][] = [];
  rewards: number[] = [];

  forward(x: torch.Tensor): [torch.Tensor, torch.Tensor] {
    x = F.relu(this.affine1.call(x));
    const actionProb = F.softmax(this.actionHead.call(x), { dim: -1 });
    const stateValues = this.valueHead.call(x);
    return [actionProb, stateValues];
  }
}

export function* main() {
  torch.manualSeed(543);
  const env = new CartPole();
  const model = new Policy();
  const optimizer = new optim.Adam(model.parameters(), { lr: 3e-2 });
  const [eps, gamma] = [torch.finfo('float32').eps, 0.99];

  function selectAction(observed: State) {
    const state = torch.tensor(observed, { dtype: torch.float32 });
    const [probs, stateValue] = model.call(state);
    const m = new Categorical(probs);
    const action = m.sample();
    model.savedActions.push([m.logProb(action), stateValue]);
    return action.item();
  }

  function finishEpisode() {
    let R = 0;
    const savedActions = model.savedActions;
    const policyLosses: torch.Tensor[] = [];
    const valueLosses: torch.Tensor[] = [];
    const rewards: number[] = [];
    for (const r of model.rewards.toReversed()) {
      R = r + gamma * R;
      rewards.unshift(R);
    }
    let returns = torch.tensor(rewards, { dtype: torch.float32 });
    returns = returns.sub(returns.mean()).div(returns.std().add(eps));
    for (const [i, [logProb, value]] of savedActions.entries()) {
      const R = returns.index(i);
      const advantage = R.sub(value.item());
      policyLosses.push(logProb.neg().mul(advantage));
      valueLosses.push(F.smoothL1Loss(value, torch.tensor([R])));
    }
    optimizer.zeroGrad();
    const loss = torch.stack(policyLosses).sum().add(torch.stack(valueLosses).sum());
    loss.backward();
    optimizer.step();
    model.rewards = [];
    model.savedActions = [];
    return loss.item();
  }

  for (let episode = 0; episode < 4; episode++) {
    let state = env.reset();
    for (let t = 1; t < 60; t++) {
      const action = selectAction(state);
      const [next, reward, done] = env.step(action);
      state = next;
      model.rewards.push(reward);
      if (done) break;
    }
    yield finishEpisode();
  }
}
