import { scenario } from './contract.ts';
import { ppoOptions } from './ppo-options.ts';
import { halfCheetahControls, halfCheetahTask, locomotionPpo } from './robot-tasks.ts';
import { castPpo } from './wiring.ts';

/** Metres in the 10 s of an episode. Seed 1 ran 52 m (0.1.0, Rapier's SIMD build 0.20.0); less than half of it is asked. */
const far = 25;

export default scenario({
  name: 'half-cheetah',
  summary: 'PPO teaches a two-legged robot to run.',
  options: ppoOptions({
    steps: 400_000,
    ppo: locomotionPpo,
  }),
  smoke: { steps: 16_384 },
  play: stage => castPpo(stage, halfCheetahTask),
  checks: [
    { name: 'metres in 10 s', value: r => r.evaluation.x, atLeast: far, unit: 'm' },
    { name: 'runs on its feet', value: r => r.evaluation.upright, atLeast: 0.8 },
    ...halfCheetahControls,
  ],
});
