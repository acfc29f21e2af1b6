import type { Episodes } from '../actors/evaluator-episodes.ts';
import { environmentRef } from '../env/define.ts';
import { hopper } from '../env/rapier/hopper.ts';
import { scenario } from './contract.ts';
import { ppoOptions } from './ppo-options.ts';
import { castPpo } from './wiring.ts';

/** A hop forward, not a shuffle or a fall: so far, in the 10 s of an episode, with so many flights of 50 ms. */
const far = { metres: 3, flights: 8 };

export default scenario({
  name: 'hopper',
  summary: 'PPO teaches a one-legged robot to hop.',
  options: ppoOptions({
    steps: 300_000,
    ppo: {
      environments: 64,
      horizon: 64,
      minibatch: 512,
      epochs: 8,
      learningRate: 1e-3,
      learningRateSchedule: 'adaptive',
      gamma: 0.99,
      lambda: 0.95,
      initialLogStd: -0.5,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  }),
  smoke: { steps: 16_384 },
  play: stage =>
    castPpo(stage, {
      environment: environmentRef(hopper),
      episodes: 50,
      controls: true,
      film: { dt: 0.02, every: 2 },
      summarize: episodes => ({ hopped: hopped(episodes) }),
    }),
  checks: [
    { name: 'hops ≥ 3 m, 8 flights, no fall', value: r => r.evaluation.hopped, atLeast: 0.8 },
    { name: 'metres in 10 s', value: r => r.evaluation.x, atLeast: far.metres, unit: 'm' },
    { name: 'metres, random actions', value: r => r.controls?.random.x ?? Number.NaN, atMost: 1, unit: 'm' },
    { name: 'metres, no action', value: r => r.controls?.zero.x ?? Number.NaN, atMost: 1, unit: 'm' },
  ],
});

/** The share of episodes that hopped far. */
function hopped({ info }: Episodes): number {
  const good = info.x.filter(
    (x, i) => x >= far.metres && info.fell[i] === 0 && info.flights[i] >= far.flights,
  );
  return good.length / info.x.length;
}
