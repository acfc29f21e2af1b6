import { z } from 'zod';
import { defineActor, slab } from '../../actors/runtime/define.ts';
import { planetActorConfig, weightsFields } from '../../learners/planet/messages.ts';

/** Stands where a learner would, with weights that no longer change: for agents that are judged. */
export const weightsSource = defineActor(import.meta.url, {
  name: 'weights',
  config: planetActorConfig.extend({
    parameters: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected a Float32Array'),
  }),
  inputs: {},
  outputs: config => ({ weights: slab(weightsFields(config)) }),
  start({ config, outputs }) {
    return {
      /** Gives them out, as version 0. */
      async give(): Promise<void> {
        await outputs.weights.ready();
        outputs.weights.next({ version: Int32Array.of(0), parameters: config.parameters });
      },
    };
  },
});
