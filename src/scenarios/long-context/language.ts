import { segmentStream } from '../../actors/streams/index.ts';
import {
  type EvalReport,
  type StepReport,
  slidingEvaluator,
  streamEvaluator,
} from '../../learners/transformer-xl/index.ts';
import type { Arm, Lane } from '../arms/index.ts';
import { expectHeldOut, type TextGround } from './ground.ts';
import type { Options } from './options.ts';
import { languageArm, type Net } from './plans.ts';
import type { Probed } from './probe.ts';
import { probed } from './recall.ts';
import { castLearner } from './training.ts';

/** Ways to read the held-out text with a trained net. */
export const readings = {
  xl: ['memory', 'double', 'third', 'shuffled', 'off'],
  vanilla: ['segments', 'sliding'],
} as const;
/** One of them. */
export type Reading = (typeof readings)[Net][number];

/** What came of the arm of a language model. */
export interface LanguageDone {
  readonly reports: readonly StepReport[];
  /** Bits a token of the held-out text, by how it was read. */
  readonly bits: Readonly<Partial<Record<Reading, number>>>;
  /** Of the trained net, all end to end. */
  readonly params: Float32Array;
  readonly probed: Probed | null;
  readonly executor: { readonly name: string; readonly reason: string };
}

/** Stretches of the held-out text that are read side by side. */
const stretches = 8;
/** Windows that go through the net at once. */
const windows = 32;

/** The arm that learns to say what comes next in a text. @throws a usage error where too little of it is held out */
export function languagePlan(
  net: Net,
  ground: TextGround,
  options: Options,
  executor: string,
): Arm<LanguageDone> {
  expectHeldOut(ground, options.segment + windows, options.testTokens);
  return {
    name: languageArm(net),
    steps: options.steps,
    play: lane => playLanguage(lane, net, ground, options, executor),
  };
}

async function playLanguage(
  lane: Lane,
  net: Net,
  { train, test, tokenizer, vocabulary }: TextGround,
  options: Options,
  executor: string,
): Promise<LanguageDone> {
  const { model, lanes, segment: length, memory, steps } = options;
  const stream = await lane.spawn(segmentStream, { text: train, tokenizer, lanes, length, seed: lane.seed });
  const { learner, told } = await castLearner(lane, {
    ...{ net, model, vocabulary, lanes, length, memory, steps, executor },
    settings: options.training,
  });
  lane.link(learner.outputs.needs, stream.inputs.needs);
  lane.link(stream.outputs.segments, learner.inputs.segments);
  const heldOut = { text: test, tokenizer, model, executor };
  const reader = await lane.spawn(streamEvaluator, heldOut);
  const slider = net === 'vanilla' ? await lane.spawn(slidingEvaluator, heldOut) : undefined;

  const learnt = await learner.call.learn();
  const params = await learner.call.parameters();
  const streamed = (remembered: number, control: 'none' | 'shuffled' | 'off' = 'none'): Promise<EvalReport> =>
    reader.call.evaluate(params, {
      ...{ lanes: stretches, length, memory: remembered, control },
      tokens: options.testTokens,
    });
  const ways: Partial<Record<Reading, () => Promise<EvalReport>>> = slider
    ? {
        segments: () => streamed(0),
        sliding: () =>
          slider.call.evaluate(params, { attention: length, windows, tokens: options.testTokens }),
      }
    : {
        memory: () => streamed(memory),
        double: () => streamed(2 * memory),
        third: () => streamed(Math.max(1, Math.round(memory / 3))),
        shuffled: () => streamed(memory, 'shuffled'),
        off: () => streamed(memory, 'off'),
      };
  const bits: Partial<Record<Reading, number>> = {};
  for (const reading of readings[net]) {
    const way = ways[reading];
    if (way) bits[reading] = (await way()).bits;
  }
  lane.row(learnt.step, bits as Record<string, number>, `${lane.arm} judge`);
  return {
    reports: told,
    bits,
    params,
    probed: await probed(lane, net, params, { model, vocabulary, executor }),
    executor: learnt.executor,
  };
}
