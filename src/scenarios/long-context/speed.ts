import { Random } from '../../core/random.ts';
import { languageModelInit } from '../../learners/language-model/index.ts';
import { slidingEvaluator, streamEvaluator } from '../../learners/transformer-xl/index.ts';
import { flattenTree } from '../../tensors/index.ts';
import type { Arm, Lane } from '../arms/index.ts';
import { expectHeldOut, type TextGround } from './ground.ts';
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
/** Tokens that go through the net at once: more of the windows, so that small products are not what holds them up. */
const atOnce = { sliding: 2_048, streaming: 256 };
/** Groups of windows, and segments of all lanes, that a reading has. */
const groups = { sliding: 4, streaming: 16 };

const windowsOf = (attention: number): number => Math.max(1, Math.round(atOnce.sliding / attention));
/** Tokens that sliding windows guess: all of the first one, and one by each other. */
const slidOver = (attention: number): number => attention + groups.sliding * windowsOf(attention);

/**
 * The arm that reads against the clock: it has the machine for itself, as a phase of its own.
 * @throws a usage error where too little of the text is held out
 */
export function speedPlan(ground: TextGround, options: Options, executor: string): Arm<SpeedDone> {
  expectHeldOut(ground, Math.max(...options.speed.attention.map(slidOver)));
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
    const lanes = Math.max(1, Math.round(atOnce.streaming / segment));
    const windows = windowsOf(length);
    const streaming: number[] = [];
    const sliding: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const read = await reader.call.evaluate(params, {
        ...{ lanes, length: segment, memory: length },
        tokens: groups.streaming * lanes * segment,
      });
      streaming.push(read.wallMs / read.tokens);
      const tokens = slidOver(length);
      const slid = await slider.call.evaluate(params, { attention: length, windows, tokens });
      // One window guesses the text's first tokens, each further one a single token: as a token counts what a window takes.
      sliding.push(slid.wallMs / (1 + tokens - length));
    }
    timed.push({ attention: length, streaming: Math.min(...streaming), sliding: Math.min(...sliding) });
    lane.progress(i + 1);
  }
  return { timed };
}
