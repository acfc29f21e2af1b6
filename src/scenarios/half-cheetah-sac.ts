import { sacConfig } from '../learners/sac/config.ts';
import { scenario } from './contract.ts';
import { castOffPolicy } from './off-policy.ts';
import { sacMethod } from './off-policy-methods.ts';
import { offPolicyOptions } from './off-policy-options.ts';
import { halfCheetahControls, halfCheetahTask } from './robot-tasks.ts';

export default scenario({
  name: 'half-cheetah-sac',
  summary: 'SAC teaches a two-legged robot to run, in far fewer steps than PPO.',
  options: offPolicyOptions(
    {
      steps: 30_000,
      // Four copies, of which a round takes 32 steps, and half a gradient step for each: most of the time is theirs.
      explore: { environments: 4, horizon: 8, random: { steps: 2_000 } },
      replay: { startAfter: 2_000, gamma: 0.98, updatesPerStep: 0.5 },
    },
    { sac: sacConfig.prefault({ learningRate: 1e-3, hidden: [128, 128] }) },
  ),
  smoke: { steps: 4_000 },
  play: stage => castOffPolicy(stage, { ...halfCheetahTask, method: sacMethod(stage.options.sac) }),
  checks: [
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
