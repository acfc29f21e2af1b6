import { sacConfig } from '../learners/sac/config.ts';
import { scenario } from './contract.ts';
import { castOffPolicy } from './off-policy.ts';
import { sacMethod } from './off-policy-methods.ts';
import { offPolicyOptions } from './off-policy-options.ts';
import { antControls, antTask, antWalk } from './robot-tasks.ts';

export default scenario({
  name: 'ant-sac',
  summary: 'SAC teaches a four-legged robot to walk, in half an hour of its time.',
  options: offPolicyOptions(
    {
      steps: 40_000,
      explore: { environments: 4, horizon: 8, random: { steps: 2_000 } },
      // Half a gradient step a step of the robot's, and networks of half the usual width: a quarter of the time.
      replay: { startAfter: 2_000, gamma: 0.98, updatesPerStep: 0.5 },
    },
    { sac: sacConfig.prefault({ learningRate: 1e-3, hidden: [128, 128] }) },
  ),
  smoke: { steps: 4_000 },
  play: stage => castOffPolicy(stage, { ...antTask, method: sacMethod(stage.options.sac) }),
  checks: [
    {
      name: `walks ≥ ${antWalk.metres} m on its feet`,
      value: r => r.evaluation.walked,
      atLeast: 0.8,
      over: { atLeast: 4, of: 5 },
    },
    // Seed 11 walks 26.6 m (0.1.0, Rapier's SIMD build 0.20.0).
    {
      name: 'metres in 10 s',
      value: r => r.evaluation.x,
      atLeast: 12,
      unit: 'm',
      over: { atLeast: 4, of: 5 },
    },
    ...antControls,
  ],
});
