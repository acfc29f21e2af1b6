import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import type { Episode } from '../../actors/replay/index.ts';
import { defineActor } from '../../actors/runtime/define.ts';
import { planetActorConfig, planetModel } from '../../learners/planet/messages.ts';
import { type OpenLoopOptions, type OpenLoops, openLoops } from './imagined.ts';

/** Imagines with weights that no longer change, on a thread of its own: pictures take long. */
export const foreseer = defineActor(import.meta.url, {
  name: 'foreseer',
  config: planetActorConfig.extend({
    parameters: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected a Float32Array'),
    executor: executorField,
  }),
  start({ config: { planet, spaces, parameters, executor } }) {
    const model = planetModel(planet, spaces);
    return {
      openLoops: (episodes: readonly Episode[], options: OpenLoopOptions): Promise<OpenLoops> =>
        openLoops(model, parameters, episodes, { ...options, executor }),
    };
  },
});
