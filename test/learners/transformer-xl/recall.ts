import { z } from 'zod';
import { defineActor, port, type Segment } from '../../../src/actors/index.ts';
import { Random } from '../../../src/core/random.ts';
import type { Need } from '../../../src/data/contract.ts';

const payloads = 8;
const fillers = 8;
const mark = payloads + fillers;
const query = mark + 1;
/** How many different tokens there are. */
export const recallVocabulary = query + 1;

/**
 * A stream of recall tasks without an end: MARK, a payload, filler of which three tenths are other payloads, and QUERY exactly
 * `distance` tokens after the payload, where alone something is to be guessed.
 */
export function recallSegments(seed: number, { lanes = 32, length = 16, distance = 32 } = {}) {
  const streams = Array.from({ length: lanes }, (_, lane) => task(Random.fromSeed(seed).split('lane', lane)));
  let tau = -1;
  return (): Segment => {
    tau++;
    const ids = new Int32Array(lanes * length);
    const next = new Int32Array(lanes * length);
    streams.forEach((stream, lane) => {
      for (let i = 0; i < length; i++) {
        const { value } = stream.next();
        ids[lane * length + i] = value.id;
        next[lane * length + i] = value.answer;
      }
    });
    return { lane0: 0, tau, ids, next, reset: new Uint8Array(lanes).fill(tau === 0 ? 1 : 0) };
  };

  function* task(random: Random): Generator<{ id: number; answer: number }, never> {
    for (let i = random.integer(distance); i > 0; i--) yield { id: filler(random), answer: -1 };
    for (;;) {
      const payload = random.integer(payloads);
      yield { id: mark, answer: -1 };
      yield { id: payload, answer: -1 };
      for (let i = 1; i < distance; i++) yield { id: filler(random), answer: -1 };
      yield { id: query, answer: payload };
    }
  }

  function filler(random: Random): number {
    return random.uniform() < 0.3 ? random.integer(payloads) : payloads + random.integer(fillers);
  }
}

/** Sends segments as they are wanted, from number `from` on, in an order that may be wrong. */
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
    const next = recallSegments(config.seed, config);
    for (let i = 0; i < config.from; i++) next();
    const waiting: Segment[] = [];
    inputs.needs.subscribe(({ batches }) => {
      for (let i = 0; i < batches; i++) {
        const segment = waiting.shift() ?? next();
        if (segment.tau === config.swap) waiting.push(segment);
        outputs.segments.next(segment.tau === config.swap ? next() : segment);
      }
    });
  },
});
