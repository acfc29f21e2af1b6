import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { Need } from '../../data/contract.ts';
import { openText, trainTextRef } from '../../data/text/corpus.ts';
import { tokenizerChoice, tokenizerOf } from '../../data/text/tokenizer.ts';
import { defineActor, port } from '../runtime/define.ts';
import { sendOnCredit } from './credit.ts';

/** The next L tokens of B lanes of text, each of which goes on where its segment before ended. */
export interface Segment {
  /** The number of the first lane. */
  readonly lane0: number;
  /** 0 for the first that a stream sends, then one more for each: a memory takes them in this order alone. */
  readonly tau: number;
  /** [B, L], row-major: a row a lane */
  readonly ids: Int32Array;
  /** [B, L]: the token after each; −1 where there is nothing to say */
  readonly next: Int32Array;
  /** [B]: 1 where the lane begins anew, so that what was remembered of it is of another text */
  readonly reset: Uint8Array;
}

const count = z.number().int().positive();

/** How a text is cut into lanes and segments. */
export const laneConfig = z.object({
  lanes: count.describe(
    'B: places of the text that are read side by side; each copy of a stream has as many.',
  ),
  length: count.describe('L: tokens of a segment.'),
  seed: z.number().int().describe('Of where the first lane begins, each time that the text is read.'),
});
/** `laneConfig`, parsed. */
export type LaneConfig = z.output<typeof laneConfig>;

/** What a stream of segments is spawned with. */
export const segmentConfig = laneConfig.extend({
  text: trainTextRef.describe('Where the text comes from. Test text cannot be had: only judges have it.'),
  tokenizer: tokenizerChoice.describe('Its file, or the kind of one that the text gives.'),
});
/** `segmentConfig`, parsed. */
export type SegmentConfig = z.output<typeof segmentConfig>;

/** A text cut into segments. */
export interface Segments {
  /** How many a lane has; then the text is read anew, and all lanes are reset. */
  readonly perLane: number;
  /** A function of the settings and `tau` alone. */
  at(tau: number): Segment;
}

/**
 * Cuts a text into lanes that follow each other in it, and each lane into segments. What does not fill a segment in every
 * lane is left out: fewer than lanes · length tokens, before and behind, as the seed shares them out, each time anew.
 * @param share which of the lanes to give, where several streams share a text; default all: lane `lane0` and those up to `lanes` of `of`
 * @throws a usage error for a text that is too short
 */
export function segmentsOf(
  tokens: Int32Array,
  { lanes, length, seed }: LaneConfig,
  { lane0, of }: { readonly lane0: number; readonly of: number } = { lane0: 0, of: lanes },
): Segments {
  const perLane = Math.floor((tokens.length - 1) / (of * length));
  if (perLane < 1) {
    throw usageError(
      `segments: ${tokens.length} tokens: expected at least lanes · length + 1 = ${of} · ${length} + 1 = ${of * length + 1}`,
    );
  }
  const spare = tokens.length - 1 - perLane * of * length;
  const random = Random.fromSeed(seed).split('segments');
  return {
    perLane,
    at(tau) {
      const begin = random.split(Math.floor(tau / perLane)).integer(spare + 1);
      const place = tau % perLane;
      const ids = new Int32Array(lanes * length);
      const next = new Int32Array(lanes * length);
      for (let lane = 0; lane < lanes; lane++) {
        const from = begin + ((lane0 + lane) * perLane + place) * length;
        ids.set(tokens.subarray(from, from + length), lane * length);
        next.set(tokens.subarray(from + 1, from + 1 + length), lane * length);
      }
      return { lane0, tau, ids, next, reset: new Uint8Array(lanes).fill(place === 0 ? 1 : 0) };
    },
  };
}

/**
 * Sends a text's segments in their order, as far as it was given credit, over and over. Copies share the lanes out: copy i
 * has those from i · lanes on, of copies · lanes in all.
 */
export const segmentStream = defineActor(import.meta.url, {
  name: 'segments',
  config: segmentConfig,
  inputs: { needs: port<Need>() },
  outputs: { segments: port<Segment>() },
  start(context) {
    const { config, index, copies } = context;
    const text = openText(config.text);
    const tokens = tokenizerOf(config.tokenizer, text).encode(text);
    const share = { lane0: index * config.lanes, of: copies * config.lanes };
    const segments = segmentsOf(tokens, config, share);
    return sendOnCredit(context, context.outputs.segments, tau => segments.at(tau));
  },
});
