import type { Episodes } from '../actors/evaluator-episodes.ts';
import { environmentRef } from '../env/define.ts';
import { halfCheetah } from '../env/rapier/half-cheetah.ts';
import { scenario } from './contract.ts';
import { ppoOptions } from './ppo-options.ts';
import { castPpo } from './wiring.ts';

/** Metres in the 10 s of an episode. Seed 1 ran 52 m (0.1.0, Rapier's SIMD build 0.20.0); less than half of it is asked. */
const far = 25;

export default scenario({
  name: 'half-cheetah',
  summary: 'PPO teaches a two-legged robot to run.',
  options: ppoOptions({
    steps: 400_000,
    ppo: {
      environments: 64,
      horizon: 64,
      minibatch: 512,
      epochs: 8,
      learningRate: 1e-3,
      learningRateSchedule: 'adaptive',
      gamma: 0.98,
      lambda: 0.95,
      initialLogStd: -0.5,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  }),
  smoke: { steps: 16_384 },
  play: stage =>
    castPpo(stage, {
      environment: environmentRef(halfCheetah),
      episodes: 50,
      controls: true,
      film: { dt: 0.05 },
      summarize: episodes => ({ upright: upright(episodes) }),
    }),
  checks: [
    { name: 'metres in 10 s', value: r => r.evaluation.x, atLeast: far, unit: 'm' },
    { name: 'runs on its feet', value: r => r.evaluation.upright, atLeast: 0.8 },
    {
      name: 'control: metres, random actions',
      value: r => r.controls?.random.x ?? Number.NaN,
      atMost: 3,
      unit: 'm',
    },
    {
      name: 'control: metres, no action',
      value: r => r.controls?.zero.x ?? Number.NaN,
      atMost: 1,
      unit: 'm',
    },
  ],
});

/** The share of episodes that ended less than 60° from level. */
function upright({ info }: Episodes): number {
  return info.pitch.filter(pitch => Math.abs(pitch) < Math.PI / 3).length / info.pitch.length;
}
