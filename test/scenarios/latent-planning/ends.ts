import type { PlanTrace } from '../../../src/actors/planner/index.ts';
import { defineActor, port, slab } from '../../../src/actors/runtime/define.ts';
import {
  type Permit,
  type PlanetMetrics,
  planetActorConfig,
  weightsFields,
} from '../../../src/learners/planet/messages.ts';

/** Stands where a learner and an agent would: says what it is told to, and keeps the permits that it is given. */
export const ends = defineActor(import.meta.url, {
  name: 'ends',
  config: planetActorConfig,
  inputs: () => ({ permits: port<Permit>() }),
  outputs: config => ({
    weights: slab(weightsFields(config)),
    metrics: port<PlanetMetrics>(),
    traces: port<PlanTrace>(),
  }),
  start({ config, inputs, outputs }) {
    const permits: Permit[] = [];
    const { parameters } = weightsFields(config);
    inputs.permits.subscribe(permit => permits.push(permit));
    return {
      permits: () => [...permits],
      weights: (version: number) =>
        outputs.weights.next({
          version: Int32Array.of(version),
          parameters: new Float32Array(parameters.shape[0]).fill(version),
        }),
      metrics: (version: number) =>
        outputs.metrics.next({ version, updates: 3 * version, episodes: 2, figures: {} }),
      trace: (seed: number, step: number) =>
        outputs.traces.next({ seed, step, agent: 0, ms: 1, bestReturn: 0, eliteStd: 0 }),
    };
  },
});
