/** A policy learnt from whole episodes, as PyTorch's example `reinforce` does it. */
import * as torch from 'tandem/torch';
import { CartPole, type State } from './cart-pole';

const { nn, optim } = torch;
const F = nn.functional;
const { Categorical } = torch.distributions;

class Policy extends nn.Module {
  affine1 = new nn.Linear(4, 32);
  dropout = new nn.Dropout({ p: 0.6 });
  affine2 = new nn.Linear(32, 2);
  savedLogProbs: torch.Tensor[] = [];
  rewards: number[] = [];

  forward(x: torch.Tensor) {
    x = this.affine1.call(x);
    x = this.dropout.call(x);
    x = F.relu(x);
    const actionScores = this.affine2.call(x);
    return F.softmax(actionScores, { dim: 1 });
  }
}

export function* main() {
  torch.manualSeed(543);
  const env = new CartPole();
  const policy = new Policy();
  const optimizer = new optim.Adam(policy.parameters(), { lr: 1e-2 });
  const [eps, gamma] = [torch.finfo('float32').eps, 0.99];

  function selectAction(observed: State) {
    const state = torch.tensor(observed, { dtype: torch.float32 }).unsqueeze(0);
    const probs = policy.call(state);
    const m = new Categorical(probs);
    const action = m.sample();
    policy.savedLogProbs.push(m.logProb(action));
    return action.item();
  }

  function finishEpisode() {
    let R = 0;
    const policyLosses: torch.Tensor[] = [];
    const rewards: number[] = [];
    for (const r of policy.rewards.toReversed()) {
      R = r + gamma * R;
      rewards.unshift(R);
    }
    let returns = torch.tensor(rewards, { dtype: torch.float32 });
    returns = returns.sub(returns.mean()).div(returns.std().add(eps));
    for (const [i, logProb] of policy.savedLogProbs.entries()) {
      policyLosses.push(logProb.neg().mul(returns.index(i)));
    }
    optimizer.zeroGrad();
    const policyLoss = torch.cat(policyLosses).sum();
    policyLoss.backward();
    optimizer.step();
    policy.rewards = [];
    policy.savedLogProbs = [];
    return policyLoss.item();
  }

  let runningReward = 10;
  for (let episode = 0; episode < 4; episode++) {
    let [state, epReward] = [env.reset(), 0];
    for (let t = 1; t < 60; t++) {
      const action = selectAction(state);
      const [next, reward, done] = env.step(action);
      state = next;
      policy.rewards.push(reward);
      epReward += reward;
      if (done) break;
    }
    runningReward = 0.05 * epReward + (1 - 0.05) * runningReward;
    yield finishEpisode();
    yield runningReward;
  }
}
