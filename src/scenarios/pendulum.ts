import { pendulum } from '../env/classic/pendulum.ts';
import { environmentRef } from '../env/define.ts';
import { scenario } from './contract.ts';
import { ppoOptions } from './ppo-options.ts';
import { castPpo } from './wiring.ts';

export default scenario({
  name: 'pendulum',
  summary: 'PPO swings a pendulum up with too little torque, and holds it.',
  options: ppoOptions({
    steps: 200_000,
    // Starts from Stable-Baselines3's zoo (hyperparams/ppo.yml, Pendulum-v1). Rewards go down to -16 a step: the gradient
    // of the values would use up any common limit, so there is none.
    ppo: {
      environments: 16,
      horizon: 256,
      minibatch: 256,
      epochs: 10,
      learningRate: 2e-3,
      gamma: 0.95,
      lambda: 0.95,
      maxGradientNorm: null,
    },
  }),
  smoke: { steps: 4_096 },
  play: stage =>
    castPpo(stage, { environment: environmentRef(pendulum), controls: true, film: { dt: 0.05 } }),
  checks: [
    {
      name: 'mean return',
      value: result => result.evaluation.return,
      // PPO in Stable-Baselines3's zoo (benchmark.md), over 750 episodes: -172.2.
      atLeast: -172.2,
      over: { atLeast: 4, of: 5 },
    },
  ],
});
