import { concatMap } from 'rxjs';
import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { poolIds, streamConfig } from '../../actors/streams/index.ts';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { openData, testRef } from '../../data/open.ts';
import {
  featureMoments,
  fidOfMoments,
  heldOutDistance,
  kid,
  manifoldCoverage,
  neighbourDistance,
  precisionRecall,
  type SampleFeatures,
} from '../../evaluation/generative/index.ts';
import { samplesOf } from '../../learners/classifier/index.ts';
import { generatorConfig } from '../../learners/few-label-gan/config.ts';
import type { FidReport, GanShadow } from '../../learners/few-label-gan/messages.ts';
import { compileReading, metricNet } from '../../learners/label-inference/index.ts';
import { initTensors } from '../../tensors/index.ts';
import { compileDrawing } from './drawing.ts';
import { correctShare, namesByMajority, wantedClasses } from './wanted.ts';

const positive = z.number().int().positive();

/** What the judge is spawned with. */
export const fidJudgeConfig = z.strictObject({
  generator: generatorConfig,
  metric: z
    .strictObject({
      net: metricNet,
      params: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected a Float32Array'),
    })
    .describe(
      'What images are seen through: what the metric learner has learned, all parameters end to end.',
    ),
  data: testRef.describe('Real images that nobody else can open.'),
  training: streamConfig
    .pick({ data: true, pool: true, perClass: true })
    .describe('The images that the generator learned from: whose copies are looked for among its samples.'),
  seed: z
    .number()
    .int()
    .describe('Of the pools, and of the noise that samples are made from: the same for all reports.'),
  count: positive.default(5000).describe('Samples, and real images, that FID is made of.'),
  manifold: positive
    .default(1000)
    .describe('The first so many of them that KID, precision, recall and coverage are made of.'),
  neighbours: positive
    .default(500)
    .describe('The first so many of them whose nearest training image is looked for.'),
  shares: z
    .array(z.number().min(0))
    .nullable()
    .default(null)
    .describe('How often each class is asked for, in any unit; null: evenly.'),
  naming: z
    .enum(['own', 'majority'])
    .default('own')
    .describe(
      'What a class of the generator is called: as among the labels, or what most of its samples look like, for clusters.',
    ),
  executor: executorField,
});
/** `fidJudgeConfig`, parsed. */
export type FidJudgeConfig = z.output<typeof fidJudgeConfig>;

/** All that the judge says of a generator. */
export interface GanReport extends FidReport {
  readonly kid: number;
  /** The share of samples that lie on the real images' manifold, in [0, 1]. */
  readonly precision: number;
  /** The share of real images that lie on the samples' manifold, in [0, 1]. */
  readonly recall: number;
}

/** How good a measure the judge has. */
export interface MetricSanity {
  /** FID of other real images: what a perfect generator would have. */
  readonly real: number;
  /** FID of uniform noise. */
  readonly noise: number;
  /** The share of real images that the metric net classifies rightly. */
  readonly accuracy: number;
}

/**
 * Holds the real images that nothing learned from, and says how like them a generator's samples are. All reports are made
 * from the same noise and the same real images, so that they differ by the generator alone.
 */
export const fidJudge = defineActor(import.meta.url, {
  name: 'judge',
  config: fidJudgeConfig,
  inputs: { shadows: port<GanShadow>() },
  outputs: { reports: port<GanReport>() },
  async start({ config, inputs, outputs, crash, heartbeat }) {
    const { generator, metric, seed, count, executor } = config;
    await initTensors(executor);
    const source = openData(config.data);
    const { classes } = source.labellings[0];
    const [rows, columns, channels] = source.shape;
    if (rows !== generator.size || columns !== generator.size || channels !== 1) {
      throw usageError(
        `judge: data = ${source.name} of ${source.shape.join(' × ')}: expected ${generator.size} × ${generator.size} × 1, as the generator makes them`,
      );
    }
    if (2 * count > source.count) {
      throw usageError(
        `judge: count = ${count}: expected at most ${Math.floor(source.count / 2)}, half of ${source.name}: the floor takes as many others`,
      );
    }
    const pool = (from: number) =>
      samplesOf(source, poolIds(source, { pool: { from, count }, perClass: null, seed }));
    const real = pool(0);
    const random = Random.fromSeed(seed).split('judge');
    const wanted = wantedClasses(count, generator.classes, config.shares);
    const noise = new Float32Array(count * generator.noise);
    random.split('noise').fillNormal(noise);
    const reading = await compileReading(metric.net, source.shape, classes, metric.params);
    const drawing = await compileDrawing(generator);
    const pixels = rows * columns;
    const realRead = await reading.read(asFloats(real.x.data));
    const realMoments = featureMoments(featuresOf(realRead));
    const realManifold = first(featuresOf(realRead), config.manifold);
    const trainingSource = openData(config.training.data);
    const training = {
      width: pixels,
      data: asFloats(samplesOf(trainingSource, poolIds(trainingSource, { ...config.training, seed })).x.data),
    };
    const heldOut = heldOutDistance(
      first({ width: pixels, data: asFloats(real.x.data) }, config.neighbours),
      training,
    );

    // At 28 pixels a judgement takes half a minute, in which no event loop turns.
    const alive = <T>(done: T): T => {
      heartbeat();
      return done;
    };

    async function judge({ step, params }: GanShadow): Promise<GanReport> {
      const images = alive(await drawing.draw(params, noise, wanted));
      const read = alive(await reading.read(images));
      const features = featuresOf(read);
      const manifold = first(features, config.manifold);
      const names =
        config.naming === 'majority'
          ? namesByMajority(wanted, read.classes, generator.classes, classes)
          : undefined;
      const nearest = alive(
        neighbourDistance(first({ width: pixels, data: images }, config.neighbours), training),
      );
      return {
        step,
        fid: fidOfMoments(realMoments, featureMoments(features)),
        kid: alive(kid(realManifold, manifold)),
        condAcc: correctShare(wanted, read.classes, names),
        coverage: alive(manifoldCoverage(realManifold, manifold)),
        ...alive(precisionRecall(realManifold, manifold)),
        neighbour: nearest / heldOut,
      };
    }

    inputs.shadows
      .pipe(concatMap(judge))
      .subscribe({ next: report => outputs.reports.next(report), error: crash });

    return {
      /** What it says of a generator. */
      judge,
      /** How far its measure can be trusted. */
      async floor(): Promise<MetricSanity> {
        const other = featureMoments(featuresOf(await reading.read(asFloats(pool(count).x.data))));
        const blank = new Float32Array(count * pixels);
        random.split('blank').fillUniform(blank);
        const uniform = featureMoments(featuresOf(await reading.read(blank)));
        return {
          real: fidOfMoments(realMoments, other),
          noise: fidOfMoments(realMoments, uniform),
          accuracy: correctShare(Int32Array.from(real.y.data), realRead.classes),
        };
      },
      /** Some samples of each class, row by row: grey pixels, 0 … 255. */
      async samples(params: Float32Array, perClass: number): Promise<readonly (readonly Uint8Array[])[]> {
        const y = Int32Array.from({ length: generator.classes * perClass }, (_, i) =>
          Math.floor(i / perClass),
        );
        const z = new Float32Array(y.length * generator.noise);
        random.split('sheet').fillNormal(z);
        const images = await drawing.draw(params, z, y);
        const image = (at: number) =>
          Uint8Array.from(images.subarray(at * pixels, (at + 1) * pixels), value => Math.round(255 * value));
        return Array.from({ length: generator.classes }, (_, row) =>
          Array.from({ length: perClass }, (_, column) => image(row * perClass + column)),
        );
      },
      stop() {
        reading.dispose();
        drawing.dispose();
      },
    };
  },
});

const featuresOf = ({ features, width }: { features: Float32Array; width: number }): SampleFeatures => ({
  data: features,
  width,
});

const first = ({ data, width }: SampleFeatures, count: number): SampleFeatures => ({
  data: data.subarray(0, count * width),
  width,
});

const asFloats = (data: Float32Array | Int32Array | Uint8Array): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data);
