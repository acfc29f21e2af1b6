import { z } from 'zod';
import type { Need } from '../../data/contract.ts';
import { defineActor, port } from '../runtime/define.ts';
import { laneConfig, type Segment } from './segments.ts';

/** The tokens of the recall task: payloads are 0 … 7. */
export const recallTokens = { payloads: 8, mark: 8, query: 9, filler: 10, vocabulary: 11 } as const;

/** What a stream of the recall task is spawned with. */
export const recallConfig = laneConfig.extend({
  distance: z.number().int().positive().describe('D: tokens from a payload to the question for it.'),
});
/** `recallConfig`, parsed. */
export type RecallConfig = z.output<typeof recallConfig>;

/** Segment `tau` of the task: a function of the settings and `tau` alone. @param lane0 the first lane's number */
export function recallSegment(_config: RecallConfig, _tau: number, _lane0 = 0): Segment {
  throw new Error('to come');
}

/** Sends the recall task's segments in their order, as far as it was given credit. */
export const recallStream = defineActor(import.meta.url, {
  name: 'recall',
  config: recallConfig,
  inputs: { needs: port<Need>() },
  outputs: { segments: port<Segment>() },
  start() {
    throw new Error('to come');
  },
});
