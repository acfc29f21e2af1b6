import type { Episodes } from '../actors/evaluator-episodes.ts';
import { environmentRef } from '../env/define.ts';
import { quadruped } from '../env/rapier/quadruped.ts';
import { scenario } from './contract.ts';
import { ppoOptions } from './ppo-options.ts';
import { castPpo } from './wiring.ts';

/** A walk, at half of the speed that is asked for (1 m/s) or more, over the 10 s of an episode. */
const far = 5;

export default scenario({
  name: 'quadruped',
  summary: 'PPO teaches a robot dog to walk at a set speed.',
  options: ppoOptions({
    steps: 500_000,
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
      environment: environmentRef(quadruped),
      episodes: 50,
      controls: true,
      film: { dt: 0.02, every: 2 },
      summarize: episodes => ({ walked: walked(episodes) }),
    }),
  checks: [
    { name: `walks ≥ ${far} m without a fall`, value: r => r.evaluation.walked, atLeast: 0.8 },
    {
      name: 'control: metres, random actions',
      value: r => r.controls?.random.x ?? Number.NaN,
      atMost: 1,
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

/** The share of episodes that walked far. */
function walked({ info }: Episodes): number {
  return info.x.filter((x, i) => x >= far && info.fell[i] === 0).length / info.x.length;
}
