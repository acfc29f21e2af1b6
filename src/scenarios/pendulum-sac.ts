import { pendulum } from '../env/classic/pendulum.ts';
import { environmentRef } from '../env/define.ts';
import { sacConfig } from '../learners/sac/config.ts';
import { scenario } from './contract.ts';
import { castOffPolicy } from './off-policy.ts';
import { sacMethod } from './off-policy-methods.ts';
import { offPolicyOptions } from './off-policy-options.ts';

export default scenario({
  name: 'pendulum-sac',
  summary: 'SAC swings the pendulum up, in a tenth of the steps that PPO takes.',
  options: offPolicyOptions(
    {
      steps: 20_000,
      // Stable-Baselines3's zoo (hyperparams/sac.yml, Pendulum-v1), but for its random steps, 100 there: a whole episode or
      // two of a pendulum that hangs say little.
      explore: { horizon: 16, random: { steps: 1_000 } },
      replay: { startAfter: 1_000 },
    },
    { sac: sacConfig.prefault({ learningRate: 1e-3 }) },
  ),
  smoke: { steps: 1_500, sac: { hidden: [64, 64] } },
  play: stage =>
    castOffPolicy(stage, {
      environment: environmentRef(pendulum),
      method: sacMethod(stage.options.sac),
      controls: true,
      film: { dt: 0.05 },
    }),
  checks: [
    {
      name: 'mean return',
      value: result => result.evaluation.return,
      atLeast: -170,
      over: { atLeast: 4, of: 5 },
    },
  ],
});
