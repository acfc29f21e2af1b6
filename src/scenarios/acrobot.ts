import { acrobot } from '../env/classic/acrobot.ts';
import { environmentRef } from '../env/define.ts';
import { scenario } from './contract.ts';
import { ppoOptions } from './ppo-options.ts';
import { castPpo } from './wiring.ts';

export default scenario({
  name: 'acrobot',
  summary: 'PPO swings the tip of a two-link arm above a line.',
  options: ppoOptions({
    // Starts from Stable-Baselines3's zoo (hyperparams/ppo.yml, Acrobot-v1), which takes 1,000,000 steps.
    steps: 800_000,
    ppo: {
      environments: 16,
      horizon: 256,
      minibatch: 256,
      epochs: 6,
      learningRate: 1e-3,
      gamma: 0.99,
      lambda: 0.94,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  }),
  smoke: { steps: 8_192 },
  play: stage => castPpo(stage, { environment: environmentRef(acrobot), controls: true, film: { dt: 0.2 } }),
  checks: [
    {
      name: 'mean return',
      value: result => result.evaluation.return,
      // CleanRL's ppo.py: -82.48 ± 5.93 (docs/rl-algorithms/ppo.md); OpenAI's baselines: -81.82 ± 5.58. (A single run of
      // Stable-Baselines3's zoo, chosen for its performance: -73.5.)
      atLeast: -82.5,
      over: { atLeast: 4, of: 5 },
    },
  ],
});
