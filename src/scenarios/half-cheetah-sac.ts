import { sacConfig } from '../learners/sac/config.ts';
import { scenario } from './contract.ts';
import { castOffPolicy } from './off-policy.ts';
import { sacMethod } from './off-policy-methods.ts';
import { offPolicyOptions } from './off-policy-options.ts';
import { halfCheetahControls, halfCheetahTask } from './robot-tasks.ts';

export default scenario({
  name: 'half-cheetah-sac',
  summary: 'SAC teaches a two-legged robot to run, in a quarter of an hour of its time.',
  options: offPolicyOptions(
    {
      steps: 20_000,
      explore: { environments: 4, horizon: 8, random: { steps: 1_000 } },
      replay: { startAfter: 1_000, gamma: 0.98, batch: 128 },
    },
    {
      // Half the usual width and batch: a gradient step takes a quarter of the time. The usual entropy coefficient at first, 1, is
      // far above what it comes to (0.02): actions stay random for longer.
      sac: sacConfig.prefault({ learningRate: 1e-3, hidden: [128, 128], initialEntropyCoefficient: 0.1 }),
    },
  ),
  smoke: { steps: 4_000 },
  play: stage => castOffPolicy(stage, { ...halfCheetahTask, method: sacMethod(stage.options.sac) }),
  checks: [
    // Six seeds that chose nothing ran 17 to 31 m (0.1.0, Rapier's SIMD build 0.20.0); random actions go nowhere.
    // Not asked: to be on its feet at the end, as 12 to 88 % of their episodes were.
    {
      name: 'metres in 10 s',
      value: r => r.evaluation.x,
      atLeast: 12,
      unit: 'm',
      over: { atLeast: 4, of: 5 },
    },
    ...halfCheetahControls,
  ],
});
