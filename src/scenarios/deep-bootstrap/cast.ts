import type { InputEnd, OutputEnd } from '../../actors/contract.ts';
import { labelledAugmenter } from '../../actors/streams/augmenter.ts';
import { labelledStream } from '../../actors/streams/index.ts';
import type { LabelledBatch, Need } from '../../data/contract.ts';
import { openData, type TestRef, type TrainRef } from '../../data/open.ts';
import type { ClassifierNet } from '../../learners/classifier/index.ts';
import {
  type BootstrapConfig,
  coupler,
  type Judgement,
  type LabelNoise,
  noisyLabels,
  type WorldLedger,
  worldJudge,
  worldLearner,
} from '../../learners/deep-bootstrap/index.ts';
import type { Executor } from '../../tensors/contract.ts';
import type { Lane } from '../arms/index.ts';

/** A world that replays a fixed set of samples, or is said to. */
export interface RealWorld {
  readonly world: string;
  /** N, the first so many of the source. */
  readonly samples: number;
  /** A planted fault: its stream sends new samples, though everybody is told that it replays. */
  readonly secretlyFresh?: boolean;
}

/** Worlds that are coupled: one ideal one, and real ones against it. */
export interface WorldsPlan {
  readonly net: ClassifierNet;
  readonly train: TrainRef;
  readonly test: TestRef;
  readonly testCount: number;
  readonly trainCount: number;
  readonly training: BootstrapConfig;
  readonly real: readonly RealWorld[];
  /** How far images are turned and shifted at every draw, in every world; 0: they are as they are. */
  readonly strength: number;
  readonly labelNoise: LabelNoise | null;
  readonly seed: number;
  readonly executor: string;
}

/** What came of it. */
export interface WorldsPlayed extends Judgement {
  readonly executor: Executor;
}

/** What the ideal world is called. */
export const idealWorld = 'ideal';
/** Where the streams of new samples begin in an endless source, far behind all fixed sets. */
const freshFrom = 2 ** 24;

/** A world's stream: which samples it sends, and how. */
interface WorldStream {
  readonly world: string;
  readonly order: 'replayed' | 'fresh';
  readonly pool: { readonly from: number; readonly count: number };
}

/** What a learner and its stream are linked by. */
interface WorldEnds {
  readonly inputs: { readonly batches: InputEnd<LabelledBatch> };
  readonly outputs: { readonly needs: OutputEnd<Need> };
}

/**
 * Couples worlds: one learner each, alike but for the stream it is linked to; a coupler, which alone knows the schedule
 * and drives all of them in step from one set of weights; and a judge, which alone has the test samples.
 */
export async function playWorlds(lane: Lane, plan: WorldsPlan): Promise<WorldsPlayed> {
  const { train, training, seed, net, executor } = plan;
  const { steps, batch, learningRate } = training;
  const { shape, labellings, count } = openData(train);
  const network = { net, shape: [...shape], classes: labellings[0].classes };
  const streams = streamsOf(plan, count);

  const judge = await lane.spawn(worldJudge, {
    train,
    test: plan.test,
    testCount: plan.testCount,
    trainCount: plan.trainCount,
    ideal: idealWorld,
    real: plan.real.map(({ world, samples }) => ({ world, pool: { from: 0, count: samples } })),
    net,
    steps,
    batch,
    labelNoise: plan.labelNoise,
    seed,
    executor,
  });
  const worlds = streams.map(({ world }) => world);
  const driver = await lane.spawn(coupler, { ...network, worlds, steps, learningRate, seed });

  const cast = [];
  for (const stream of streams) {
    const { world } = stream;
    const { momentum, weightDecay } = training;
    const config = { world, ...network, momentum, weightDecay, executor };
    const learner = await lane.learner(worldLearner, config, { name: world });
    const ledger = await feed(lane, plan, stream, learner);
    lane.link(driver.outputs.inits, learner.inputs.inits);
    lane.link(driver.outputs.ticks, learner.inputs.ticks);
    lane.link(learner.outputs.done, driver.inputs.done);
    lane.link(learner.outputs.snapshots, judge.inputs.snapshots);
    cast.push({ learner, ledger });
  }

  const taken = new Map<string, number>();
  judge.outputs.curves.subscribe(({ world, step }) => {
    taken.set(world, step);
    lane.progress([...taken.values()].reduce((sum, each) => sum + each, 0));
  });
  await driver.call.couple();
  const ledgers = await Promise.all(cast.map(({ ledger }) => ledger()));
  const judgement = await judge.call.verdict(ledgers);
  for (const [world, curve] of Object.entries(judgement.curves)) {
    for (const { step, soft, hard, loss, trainError } of curve) {
      const own = trainError === undefined ? {} : { train_error: trainError };
      lane.row(step, { soft_error: soft, hard_error: hard, loss, ...own }, `${lane.arm} ${world}`);
    }
  }
  return { ...judgement, executor: await cast[0].learner.call.executor() };
}

/** The ideal world's stream of new samples, and of each real one a fixed set: the first of the source. */
function streamsOf({ real, training }: WorldsPlan, count: number): WorldStream[] {
  const largest = Math.max(0, ...real.map(({ samples }) => samples));
  const from = count === Number.POSITIVE_INFINITY ? freshFrom : largest;
  const needed = training.steps * training.batch;
  const fresh = (place: number) => ({
    order: 'fresh' as const,
    pool: { from: from + place * needed, count: needed },
  });
  return [
    { world: idealWorld, ...fresh(0) },
    ...real.map(
      ({ world, samples, secretlyFresh }): WorldStream =>
        secretlyFresh
          ? { world, ...fresh(1) }
          : { world, order: 'replayed', pool: { from: 0, count: samples } },
    ),
  ];
}

/** Links a learner to its stream. @returns how to ask the stream what it gave out */
async function feed(
  lane: Lane,
  { train, training, strength, labelNoise, seed }: WorldsPlan,
  { world, order, pool }: WorldStream,
  { inputs, outputs }: WorldEnds,
): Promise<() => Promise<WorldLedger>> {
  const config = { data: train, pool, order, batch: training.batch, seed };
  const stream = await lane.spawn(labelledStream, config, { name: `${world} stream` });
  lane.link(outputs.needs, stream.inputs.needs);
  let batches = stream.outputs.batches;
  if (strength > 0) {
    const [rows, columns, channels] = openData(train).shape;
    const augmenter = await lane.spawn(
      labelledAugmenter,
      { shape: [rows, columns, channels], policy: 'shift-rotate', strength, fill: paper(train), seed },
      { name: `${world} augmenter` },
    );
    lane.link(batches, augmenter.inputs.batches);
    batches = augmenter.outputs.batches;
  }
  if (labelNoise !== null) {
    const noise = await lane.spawn(
      noisyLabels,
      { data: train, noise: labelNoise },
      { name: `${world} labels` },
    );
    lane.link(batches, noise.inputs.samples);
    batches = noise.outputs.batches;
  }
  lane.link(batches, inputs.batches);
  return async () => ({ world, ...(await stream.call.ledger()), ids: await stream.call.ids() });
}

/** What stands where nothing is drawn. */
const paper = ({ name }: TrainRef): number => (name === 'glyphs' ? -0.15 : 0);
