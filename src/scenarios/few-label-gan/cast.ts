import { filter, firstValueFrom } from 'rxjs';
import { unlabelledStream } from '../../actors/streams/index.ts';
import { discriminator, generator } from '../../learners/few-label-gan/index.ts';
import type { Inferred } from '../../learners/label-inference/index.ts';
import type { Executor } from '../../tensors/index.ts';
import type { Arm, Lane } from '../arms/index.ts';
import type { Ground } from './data.ts';
import { fidJudge, type GanReport, type MetricSanity } from './judge.ts';
import type { GanOptions } from './options.ts';
import type { GanPlan } from './plans.ts';

/** What all games of a run have in common. */
export interface GameSettings {
  readonly options: GanOptions;
  readonly ground: Ground;
  /** What the judge sees through. */
  readonly metric: Float32Array;
  readonly executor: string;
}

/** What came of a game. */
export interface GanArm {
  readonly reports: readonly GanReport[];
  /** Of the judge itself; the same in every arm. */
  readonly sanity: MetricSanity;
  /** Some samples of each class: grey pixels. */
  readonly samples: readonly (readonly Uint8Array[])[];
  readonly executor: Executor;
}

/** Steps between two rows of figures. */
const rowEvery = 200;
/** Samples of each class that the report shows. */
const shown = 10;

/**
 * One game: a stream of real images, the two sides with two links between them, and a judge who sees neither of them but
 * what the generator shows.
 */
export const gameArm = (
  name: string,
  plan: GanPlan,
  labels: Pick<Inferred, 'ids' | 'y'>,
  settings: GameSettings,
): Arm<GanArm> => ({ name, steps: settings.options.steps, play: lane => play(lane, plan, labels, settings) });

async function play(
  lane: Lane,
  { images, labels: source, rotations, coTraining }: GanPlan,
  labels: Pick<Inferred, 'ids' | 'y'>,
  { options, ground, metric, executor }: GameSettings,
): Promise<GanArm> {
  const { size, batch, steps, spectral } = options;
  const { classes } = ground;
  const { seed } = lane;
  const conditional = source !== 'none';
  const perClass = images === 'labelled' ? options.perClass : null;
  const generatorNet = { size, classes, conditional };

  const stream = await lane.spawn(
    unlabelledStream,
    { ...ground.train, perClass, batch },
    { name: 'real images' },
  );
  const d = await lane.learner(discriminator, {
    net: { size, classes, conditional, rotations, coTraining, spectral },
    learning: options.discriminator,
    seed,
    executor,
  });
  const g = await lane.learner(generator, {
    net: generatorNet,
    learning: options.generator,
    batch,
    seed,
    executor,
  });
  const judge = await lane.spawn(fidJudge, {
    generator: generatorNet,
    metric: { params: Float32Array.from(metric) },
    data: { ...ground.train.data, split: 'test' },
    training: { data: ground.train.data, pool: ground.train.pool, perClass },
    seed,
    count: options.judged,
    naming: source === 'clusters' ? 'majority' : 'own',
    executor,
  });
  lane.link(d.outputs.needs, stream.inputs.needs);
  lane.link(stream.outputs.batches, d.inputs.batches);
  lane.link(g.outputs.fakes, d.inputs.fakes);
  lane.link(d.outputs.critiques, g.inputs.critiques);
  lane.link(g.outputs.shadows, judge.inputs.shadows);

  await d.call.tell(labels.ids, labels.y);
  const reports: GanReport[] = [];
  const stops = new Set([...multiples(rowEvery, steps), ...multiples(options.judgeEvery, steps), steps]);
  for (const step of [...stops].sort((a, b) => a - b)) {
    const ofGenerator = await g.call.play(step);
    const ofDiscriminator = await d.call.figures();
    lane.progress(step);
    lane.row(step, {
      g_loss: ofGenerator.gLoss,
      fake_rotation_loss: ofGenerator.rotLoss,
      d_loss: ofDiscriminator.dLoss,
      real_rotation_loss: ofDiscriminator.realRotLoss,
      class_loss: ofDiscriminator.classLoss,
      penalty: ofDiscriminator.penalty,
    });
    if (step % options.judgeEvery !== 0 && step !== steps) continue;
    const told = firstValueFrom(judge.outputs.reports.pipe(filter(report => report.step === step)));
    await g.call.show();
    const report = await told;
    reports.push(report);
    const { fid, kid, condAcc, coverage, precision, recall, neighbour } = report;
    lane.row(
      step,
      { fid, kid, conditional_accuracy: condAcc, coverage, precision, recall, neighbour },
      'judge',
    );
  }
  return {
    reports,
    sanity: await judge.call.floor(),
    samples: await judge.call.samples(await g.call.shadow(), shown),
    executor: await d.call.executor(),
  };
}

function* multiples(of: number, upTo: number): Generator<number> {
  for (let value = of; value <= upTo; value += of) yield value;
}
