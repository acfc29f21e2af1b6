import { td3Config } from '../learners/td3/config.ts';
import { scenario } from './contract.ts';
import { castOffPolicy } from './off-policy.ts';
import { td3Method } from './off-policy-methods.ts';
import { offPolicyOptions } from './off-policy-options.ts';
import { reacherControls, reacherTask } from './robot-tasks.ts';

export default scenario({
  name: 'reacher-td3',
  summary: 'TD3 brings the fingertip of a two-link arm to a target, in ten minutes of its time.',
  options: offPolicyOptions(
    {
      steps: 30_000,
      explore: { environments: 4, horizon: 8, random: { steps: 1_000 } },
      replay: { startAfter: 1_000, gamma: 0.95, updatesPerStep: 0.5 },
    },
    { td3: td3Config.prefault({ hidden: [128, 128], explorationNoise: 0.2 }) },
  ),
  smoke: { steps: 4_000 },
  play: stage => castOffPolicy(stage, { ...reacherTask, method: td3Method(stage.options.td3) }),
  checks: [
    // Seed 11 came to 5.8 cm, with a return of −6.7 (0.1.0, Rapier's SIMD build 0.20.0).
    { name: 'from the target after 1 s', value: r => r.evaluation.distance, atMost: 0.08, unit: 'm' },
    { name: 'mean return', value: r => r.evaluation.return, atLeast: -8 },
    ...reacherControls,
  ],
});
