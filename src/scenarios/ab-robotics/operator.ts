import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { batching, type TrialOutcomes, type UnitOutcome } from '../../evaluation/actors/index.ts';
import { makeCalendar, operators } from './calendar.ts';
import type { TrialsPlayed } from './messages.ts';
import { judgements } from './scoring.ts';

/**
 * Scores the trials of its own shifts: copy i is operator i. Each has its own idea of where "in its place" ends. It sees
 * where the cube lay and where it came to lie, and nothing of who was behind it.
 */
export const operator = defineActor(import.meta.url, {
  name: 'operator',
  config: z.object({
    seed: z.number().int(),
    spread: z.number().min(0).default(0.15).describe('Sd between operators, in logits of the success rate.'),
    ...batching,
  }),
  inputs: { played: port<TrialsPlayed>() },
  outputs: { outcomes: port<TrialOutcomes>() },
  start({ config, inputs, outputs, index }) {
    const { seed, trials } = config;
    const calendar = makeCalendar(seed, trials);
    const near = judgements(seed, config.spread)[index];
    inputs.played.subscribe(({ batch, trials: played }) => {
      const outcomes: UnitOutcome[] = [];
      for (const { unitId, index: at, robot, distance, startState } of played) {
        const { operator: minder, week, day } = calendar.slot(at);
        if (minder !== index) continue;
        outcomes.push({
          unitId,
          index: at,
          robot,
          operatorId: operators[index],
          success: distance === undefined ? undefined : distance < near,
          metrics:
            distance === undefined
              ? {}
              : { distance, 'start along': startState[0], 'start across': startState[1] },
          startState,
          when: { week: String(week + 1), day: String(day + 1) },
        });
      }
      if (outcomes.length > 0) outputs.outcomes.next({ type: 'outcomes', batch, outcomes });
    });
  },
});
