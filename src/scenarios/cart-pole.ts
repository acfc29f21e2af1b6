import { cartPole } from '../env/classic/cart-pole.ts';
import { environmentRef } from '../env/define.ts';
import { scenario } from './contract.ts';
import { ppoOptions } from './ppo-options.ts';
import { castPpo } from './wiring.ts';

export default scenario({
  name: 'cart-pole',
  summary: 'PPO balances a pole on a cart.',
  options: ppoOptions({
    steps: 50_000,
    // Starts from Stable-Baselines3's zoo (hyperparams/ppo.yml, CartPole-v1). One worker: the copies are too fast to share out.
    ppo: {
      workers: 1,
      environments: 8,
      horizon: 64,
      minibatch: 128,
      epochs: 10,
      learningRate: 2e-3,
      gamma: 0.98,
      lambda: 0.8,
      clipSchedule: 'linear',
    },
  }),
  smoke: { steps: 4_096 },
  play: stage =>
    castPpo(stage, { environment: environmentRef(cartPole), controls: true, film: { dt: 0.02, every: 2 } }),
  // Gymnasium counts CartPole-v1 as solved at 475, over 100 episodes; 500 is the most there is.
  checks: [{ name: 'mean return', value: result => result.evaluation.return, atLeast: 475 }],
});
