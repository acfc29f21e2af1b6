import { recallStream, recallTokens } from '../../actors/streams/index.ts';
import { segmentEvaluator } from '../../learners/transformer-xl/index.ts';
import type { Arm, Lane } from '../arms/index.ts';
import type { Options } from './options.ts';
import { type Net, recallArm } from './plans.ts';
import { memoryProbe, type Probed } from './probe.ts';
import { castLearner } from './training.ts';

/** What came of an arm of the recall task. */
export interface RecallDone {
  /** Share of payloads that were known again, of a stream that no learner saw. */
  readonly accuracy: number;
  /** Of Transformer-XL. */
  readonly probed: Probed | null;
  readonly executor: { readonly name: string; readonly reason: string };
}

/** Segments of all lanes that an arm is judged on. */
const judged = 200;
/** Far from the seeds that runs are given. */
const freshSeed = 1_000_003;

/** The arm that learns to know a payload again that stands so many tokens back. */
export function recallPlan(net: Net, distance: number, options: Options, executor: string): Arm<RecallDone> {
  return {
    name: recallArm(net, distance),
    steps: options.recall.steps,
    play: lane => playRecall(lane, net, distance, options, executor),
  };
}

async function playRecall(
  lane: Lane,
  net: Net,
  distance: number,
  { recall, lanes, segment: length, memory }: Options,
  executor: string,
): Promise<RecallDone> {
  const { model } = recall;
  const { vocabulary } = recallTokens;
  const task = { lanes, length, distance };
  const stream = await lane.spawn(recallStream, { ...task, seed: lane.seed });
  const { learner } = await castLearner(lane, {
    ...{ net, model, vocabulary, lanes, length, memory, executor },
    settings: recall.training,
    steps: recall.steps,
  });
  lane.link(learner.outputs.needs, stream.inputs.needs);
  lane.link(stream.outputs.segments, learner.inputs.segments);

  const fresh = await lane.spawn(
    recallStream,
    { ...task, seed: lane.seed + freshSeed },
    { name: 'held-out recall' },
  );
  const judge = await lane.spawn(segmentEvaluator, {
    ...{ model, vocabulary, lanes, length, executor },
    memory: net === 'xl' ? memory : 0,
  });
  lane.link(judge.outputs.needs, fresh.inputs.needs);
  lane.link(fresh.outputs.segments, judge.inputs.segments);

  const learnt = await learner.call.learn();
  const params = await learner.call.parameters();
  const { bits, accuracy } = await judge.call.evaluate(params, judged);
  lane.row(learnt.step, { bits, accuracy }, `${lane.arm} judge`);
  return {
    accuracy,
    probed: await probed(lane, net, params, { model, vocabulary, executor }),
    executor: learnt.executor,
  };
}

/** Looks whether Transformer-XL keeps what its form promises; the other net has no memory to look at. */
export async function probed(
  lane: Lane,
  net: Net,
  params: Float32Array,
  of: { readonly model: Options['model']; readonly vocabulary: number; readonly executor: string },
): Promise<Probed | null> {
  if (net !== 'xl') return null;
  const probe = await lane.spawn(memoryProbe, { ...of, seed: lane.seed });
  return probe.call.probe(params);
}
