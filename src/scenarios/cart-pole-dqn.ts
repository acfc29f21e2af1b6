import { cartPole } from '../env/classic/cart-pole.ts';
import { environmentRef } from '../env/define.ts';
import { dqnConfig } from '../learners/dqn/config.ts';
import { scenario } from './contract.ts';
import { castOffPolicy } from './off-policy.ts';
import { dqnMethod } from './off-policy-methods.ts';
import { offPolicyOptions } from './off-policy-options.ts';

export default scenario({
  name: 'cart-pole-dqn',
  summary: 'DQN balances a pole on a cart.',
  options: offPolicyOptions(
    {
      steps: 50_000,
      // Stable-Baselines3's zoo (hyperparams/dqn.yml, CartPole-v1): 128 gradient steps after every 256 steps, exploration
      // down to 0.04 over 0.16 of the run.
      explore: {
        horizon: 256,
        random: { from: 1, to: 0.04, steps: 8_000, schedule: 'linear' },
      },
      replay: { capacity: 100_000, startAfter: 1_000, updatesPerStep: 0.5, batch: 64, updates: 128 },
    },
    {
      // The target network of the zoo stands still between two updates of 128 steps, too.
      dqn: dqnConfig.prefault({ learningRate: 2.3e-3, targetEvery: 128, hidden: [256, 256] }),
    },
  ),
  smoke: { steps: 3_000 },
  play: stage =>
    castOffPolicy(stage, {
      environment: environmentRef(cartPole),
      method: dqnMethod(stage.options.dqn),
      controls: true,
      film: { dt: 0.02 },
    }),
  checks: [
    {
      name: 'mean return',
      value: result => result.evaluation.return,
      atLeast: 475,
      over: { atLeast: 4, of: 5 },
    },
  ],
});
