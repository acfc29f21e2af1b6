import { acrobot } from '../env/classic/acrobot.ts';
import { environmentRef } from '../env/define.ts';
import { scenario } from './contract.ts';
import { ppoOptions } from './ppo-options.ts';
import { castPpo } from './wiring.ts';

export default scenario({
  name: 'acrobot',
  summary: 'PPO swings the tip of a two-link arm above a line.',
  options: ppoOptions({
    steps: 500_000,
    // After Stable-Baselines3's zoo (hyperparams/ppo.yml, Acrobot-v1), which takes twice the steps.
    ppo: {
      environments: 16,
      horizon: 256,
      minibatch: 512,
      epochs: 10,
      learningRate: 1e-3,
      gamma: 0.99,
      lambda: 0.94,
      normalizeObservations: true,
    },
  }),
  smoke: { steps: 8_192 },
  play: stage => castPpo(stage, { environment: environmentRef(acrobot), controls: true, film: { dt: 0.2 } }),
  checks: [
    {
      name: 'mean return',
      value: result => result.evaluation.return,
      // PPO in Stable-Baselines3's zoo (benchmark.md): -73.5 with a deviation of 18.2 an episode, so that 100 episodes
      // of an equal policy have a mean above -77.2 in 97.5 % of cases. CleanRL's ppo.py reaches -89.9.
      atLeast: -77.2,
      over: { atLeast: 4, of: 5 },
    },
  ],
});
