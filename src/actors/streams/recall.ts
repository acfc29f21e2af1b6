import { z } from 'zod';
import { Random } from '../../core/random.ts';
import type { Need } from '../../data/contract.ts';
import { CounterStream, counterKey } from '../../data/counter.ts';
import { defineActor, port } from '../runtime/define.ts';
import { sendOnCredit } from './credit.ts';
import { laneConfig, type Segment } from './segments.ts';

/** The tokens of the recall task. A payload is one of the first eight. */
export const recallTokens = { payloads: 8, mark: 8, query: 9, filler: 10, vocabulary: 11 } as const;

/** What a stream of the recall task is spawned with. */
export const recallConfig = laneConfig.extend({
  distance: z.number().int().positive().describe('D: tokens from a payload to the question for it.'),
  seed: z.number().int().describe('Of payloads, filler, and where each lane begins.'),
});
/** `recallConfig`, parsed. */
export type RecallConfig = z.output<typeof recallConfig>;

const distractors = 0.3;

/**
 * Segment `tau` of the recall task, in which from a `distance` of `length` on only what stands before the segment helps. A
 * lane is, over and over: the mark, a payload, filler (of which 30 % look like payloads), and the query, `distance` tokens
 * behind the payload. `next` is the payload where the query stands, −1 elsewhere: even chances give 1 in 8. Lanes begin in
 * the middle, each at a place of its own; a query whose mark came before the lane began has no answer. A function of the
 * settings, the lane and `tau` alone.
 * @param lane0 the number of the first lane
 */
export function recallSegment(
  { lanes, length, distance, seed }: RecallConfig,
  tau: number,
  lane0 = 0,
): Segment {
  const period = distance + 2;
  const ids = new Int32Array(lanes * length);
  const next = new Int32Array(lanes * length).fill(-1);
  for (let lane = 0; lane < lanes; lane++) {
    const name = `recall lane ${lane0 + lane}`;
    const random = new CounterStream(counterKey(seed, name));
    const phase = Random.fromSeed(seed).split(name, 'phase').integer(period);
    for (let i = 0; i < length; i++) {
      const place = phase + tau * length + i;
      const [round, step] = [Math.floor(place / period), place % period];
      ids[lane * length + i] = tokenAt(random, place, step, period);
      const markAt = round * period;
      if (step === period - 1 && markAt >= phase) {
        next[lane * length + i] = random.at(markAt + 1).integer(recallTokens.payloads);
      }
    }
  }
  return { lane0, tau, ids, next, reset: new Uint8Array(lanes).fill(tau === 0 ? 1 : 0) };
}

function tokenAt(random: CounterStream, place: number, step: number, period: number): number {
  if (step === 0) return recallTokens.mark;
  if (step === period - 1) return recallTokens.query;
  random.at(place);
  const value = random.integer(recallTokens.payloads);
  return step === 1 || random.uniform(0, 1) < distractors ? value : recallTokens.filler;
}

/** Sends the recall task's segments in their order, as far as it was given credit. Copies have lanes of their own. */
export const recallStream = defineActor(import.meta.url, {
  name: 'recall',
  config: recallConfig,
  inputs: { needs: port<Need>() },
  outputs: { segments: port<Segment>() },
  start(context) {
    const { config, index } = context;
    return sendOnCredit(context, context.outputs.segments, tau =>
      recallSegment(config, tau, index * config.lanes),
    );
  },
});
