import { Random } from '../../core/random.ts';
import { languageModelInit } from '../../learners/language-model/index.ts';
import { slidingEvaluator, streamEvaluator } from '../../learners/transformer-xl/index.ts';
import { flattenTree } from '../../tensors/index.ts';
import type { Arm, Lane } from '../arms/index.ts';
import type { TextGround } from './ground.ts';
import type { Options } from './options.ts';
import { speedArm } from './plans.ts';

/** What reading took at an attention length. */
export interface Timed {
  readonly attention: number;
  /** Milliseconds a token, the shortest of some readings. */
  readonly streaming: number;
  readonly sliding: number;
}

/** What came of the arm. Times are the clock's: another run has others. */
export interface SpeedDone {
  readonly timed: readonly Timed[];
}

/** Readings of each kind; the shortest counts, as what else the machine does only adds to a time. */
const repeats = 3;
/** Tokens that go through the net at once, whichever way it reads. */
const atOnce = 2_048;
/** Groups of windows, and segments of all lanes, that a reading has. */
const groups = { sliding: 4, streaming: 16 };

/** The arm that reads against the clock: it has the machine for itself, as a phase of its own. */
export function speedPlan(ground: TextGround, options: Options, executor: string): Arm<SpeedDone> {
  return {
    name: speedArm,
    steps: options.speed.attention.length,
    play: lane => playSpeed(lane, ground, options, executor),
  };
}

async function playSpeed(
  lane: Lane,
  { test, tokenizer, vocabulary }: TextGround,
  { speed: { attention, segment, model } }: Options,
  executor: string,
): Promise<SpeedDone> {
  const heldOut = { text: test, tokenizer, model, executor };
  const reader = await lane.spawn(streamEvaluator, heldOut);
  const slider = await lane.spawn(slidingEvaluator, heldOut);
  const params = flattenTree(languageModelInit(Random.fromSeed(lane.seed), model, vocabulary));
  const timed: Timed[] = [];
  for (const [i, length] of attention.entries()) {
    const lanes = Math.max(1, Math.round(atOnce / segment / 8));
    const windows = Math.max(1, Math.round(atOnce / length));
    const streaming: number[] = [];
    const sliding: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const read = await reader.call.evaluate(params, {
        ...{ lanes, length: segment, memory: length },
        tokens: groups.streaming * lanes * segment,
      });
      streaming.push(read.wallMs / read.tokens);
      const count = groups.sliding * windows;
      const slid = await slider.call.evaluate(params, { attention: length, windows, tokens: length + count });
      // One window guesses the text's first tokens, each further one a single token.
      sliding.push(slid.wallMs / (1 + count));
    }
    timed.push({ attention: length, streaming: Math.min(...streaming), sliding: Math.min(...sliding) });
    lane.progress(i + 1);
  }
  return { timed };
}
