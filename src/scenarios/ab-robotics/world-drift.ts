import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { batching, type TrialRequest } from '../../evaluation/actors/index.ts';
import { makeCalendar } from './calendar.ts';
import { makeDrift, noDrift, usualDrift } from './drift.ts';
import type { WorldStates } from './messages.ts';

/**
 * The hidden state of the world. It moves with the count of trials, not with the clock, so it stands the same for a trial
 * whoever asks when; and it hears of batches only, never of arms.
 */
export const worldDrift = defineActor(import.meta.url, {
  name: 'world-drift',
  config: z.object({
    seed: z.number().int(),
    drifts: z.boolean().default(true).describe('Whether the world moves at all.'),
    ...batching,
  }),
  inputs: { requests: port<TrialRequest>() },
  outputs: { worlds: port<WorldStates>() },
  start({ config, inputs, outputs }) {
    const { seed, trials, batch: size } = config;
    const drift = makeDrift(seed, makeCalendar(seed, trials), config.drifts ? usualDrift : noDrift);
    inputs.requests.subscribe(({ batch }) => {
      const count = Math.max(0, Math.min(size, trials - batch * size));
      const states = Array.from({ length: count }, (_, i) => drift.surroundings(batch * size + i));
      outputs.worlds.next({ type: 'world', batch, states });
    });
  },
});
