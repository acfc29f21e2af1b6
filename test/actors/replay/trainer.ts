import { z } from 'zod';
import { roundsConfig } from '../../../src/actors/replay/config.ts';
import {
  type Helping,
  helpingFields,
  priorityFields,
  type Transitions,
  transitionFields,
} from '../../../src/actors/replay/fields.ts';
import { defineActor, slab } from '../../../src/actors/runtime/define.ts';
import { allocateSlab, copySlab } from '../../../src/actors/trajectory.ts';

const config = roundsConfig.extend({
  errors: z
    .enum(['indices', 'alike'])
    .nullable()
    .default('indices')
    .describe('What priorities it gives back; null: none.'),
});

/** Explorers and learner of a replay in one, by hand. */
export const trainer = defineActor(import.meta.url, {
  name: 'trainer',
  config,
  inputs: settings => ({ helpings: slab(helpingFields({ ...settings, spaces: settings.policy.spaces })) }),
  outputs: settings => ({
    transitions: slab(transitionFields({ ...settings, spaces: settings.policy.spaces })),
    priorities: slab(priorityFields(settings)),
  }),
  start({ config, inputs, outputs }) {
    const taken: Helping[] = [];
    inputs.helpings.subscribe(helping => {
      const copy = allocateSlab(helpingFields({ ...config, spaces: config.policy.spaces }));
      copySlab(helping, copy);
      taken.push(copy);
      if (config.errors && copy.count[0] > 0) answer(copy);
    });
    function answer(helping: Helping): void {
      outputs.priorities.write(slot => {
        if (config.errors === 'alike') slot.errors.fill(1);
        else slot.errors.set(helping.indices);
        slot.indices.set(helping.indices);
        slot.round.set(helping.round);
        slot.helping.set(helping.helping);
        slot.count.set(helping.count);
      });
    }
    return {
      async send(stretch: Transitions): Promise<void> {
        await outputs.transitions.ready();
        outputs.transitions.next(stretch);
      },
      answer,
      /** What has come in since it was asked last. */
      taken: (): Helping[] => taken.splice(0),
    };
  },
});
