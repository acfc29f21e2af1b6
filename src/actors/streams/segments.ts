import { z } from 'zod';
import type { Need } from '../../data/contract.ts';
import { trainTextRef } from '../../data/text/corpus.ts';
import { tokenizerChoice } from '../../data/text/tokenizer.ts';
import { defineActor, port } from '../runtime/define.ts';

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
  lanes: count.describe('B: places of the text that are read side by side.'),
  length: count.describe('L: tokens of a segment.'),
  seed: z.number().int().describe('Of where the first lane begins, each time the text is read.'),
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

/** Segment `tau` of a text. A pure function: judges cut their test text with it. */
export function segmentsOf(
  _tokens: Int32Array,
  _config: LaneConfig,
): { readonly perLane: number; at(tau: number): Segment } {
  throw new Error('to come');
}

/** Sends a text's segments in their order, as far as it was given credit. */
export const segmentStream = defineActor(import.meta.url, {
  name: 'segments',
  config: segmentConfig,
  inputs: { needs: port<Need>() },
  outputs: { segments: port<Segment>() },
  start() {
    throw new Error('to come');
  },
});
