import { z } from 'zod';
import { defineActor, port, recallSegment, recallTokens, type Segment } from '../../../src/actors/index.ts';
import type { Need } from '../../../src/data/contract.ts';

/** How many different tokens there are. */
export const recallVocabulary = recallTokens.vocabulary;

/** Sends segments of the recall task as they are wanted, from number `from` on, in an order that may be wrong. */
export const testStream = defineActor(import.meta.url, {
  name: 'test-stream',
  config: z.object({
    lanes: z.number(),
    length: z.number(),
    distance: z.number().default(6),
    seed: z.number().default(1),
    from: z.number().default(0),
    swap: z.number().default(-1),
  }),
  inputs: { needs: port<Need>() },
  outputs: { segments: port<Segment>() },
  start({ config, inputs, outputs }) {
    let tau = config.from;
    inputs.needs.subscribe(({ batches }) => {
      for (let i = 0; i < batches; i++, tau++) {
        const { swap } = config;
        const number = tau === swap ? swap + 1 : tau === swap + 1 ? swap : tau;
        outputs.segments.next(recallSegment(config, swap < 0 ? tau : number));
      }
    });
  },
});
