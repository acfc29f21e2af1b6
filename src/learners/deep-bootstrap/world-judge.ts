import { concatMap } from 'rxjs';
import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { poolIds } from '../../actors/streams/index.ts';
import type { DataSource } from '../../data/contract.ts';
import { openData, testRef, trainRef } from '../../data/open.ts';
import { initTensors } from '../../tensors/index.ts';
import { classifierNet, compileEvaluation, type LabelledSamples, samplesOf } from '../classifier/index.ts';
import { bootstrapFields, type LabelNoise, labelNoise } from './config.ts';
import { gapsOf } from './gaps.ts';
import { labelsWith } from './label-noise.ts';
import { ledgerFaults, sharedSamples, type WorldLedger } from './ledger.ts';
import type { Curve, CurvePoint, Gap, WorldSnapshot } from './messages.ts';
import { measuredSteps } from './schedule.ts';

const count = z.number().int().positive();

/** What the judge is spawned with. */
export const worldJudgeConfig = z.object({
  train: trainRef.describe('Where the worlds’ samples come from.'),
  test: testRef.describe('Samples that no world can open.'),
  testCount: count.describe('Test samples.'),
  trainCount: count.describe('At most so many of a world’s own samples are looked at for its train error.'),
  ideal: z.string().min(1).describe('The world whose samples are all new.'),
  real: z
    .array(z.object({ world: z.string().min(1), pool: z.object({ from: z.number().int().min(0), count }) }))
    .describe('The worlds that are said to replay a fixed set, and which set.'),
  net: classifierNet,
  ...bootstrapFields.pick({ steps: true, batch: true }).shape,
  labelNoise: labelNoise.nullable().default(null),
  seed: z.number().int().describe('As the streams have it: which samples make a pool.'),
  executor: executorField,
});

/** What the judge found when all worlds were through. */
export interface Judgement {
  /** Of each world, ascending. */
  readonly curves: Readonly<Record<string, readonly CurvePoint[]>>;
  /** What is wrong with what the worlds drew, by world; an empty list where nothing is. */
  readonly ledgers: Readonly<Record<string, readonly string[]>>;
}

/**
 * Holds the test samples, judges every snapshot on them, and holds what the streams gave out against what the worlds are
 * said to be.
 */
export const worldJudge = defineActor(import.meta.url, {
  name: 'judge',
  config: worldJudgeConfig,
  inputs: { snapshots: port<WorldSnapshot>() },
  outputs: { curves: port<Curve>(), gaps: port<Gap>() },
  async start({ config, inputs, outputs, crash }) {
    const { net, ideal, real, seed, steps } = config;
    await initTensors(config.executor);
    const trainSource = openData(config.train);
    const testSource = openData(config.test);
    const { classes } = testSource.labellings[0];
    const evaluation = await compileEvaluation(net, testSource.shape, classes);
    const samplesIn = (source: DataSource, ids: Int32Array) =>
      withNoise(samplesOf(source, ids), source, ids, config.labelNoise);
    const testIds = poolIds(testSource, { pool: { from: 0, count: config.testCount }, perClass: null, seed });
    const test = samplesIn(testSource, testIds);
    const own = new Map(
      real.map(({ world, pool }) => {
        const ids = poolIds(trainSource, { pool, perClass: null, seed });
        return [world, samplesIn(trainSource, ids.subarray(0, config.trainCount))];
      }),
    );
    const wanted = measuredSteps(steps).length;
    const curves = new Map<string, CurvePoint[]>(
      [ideal, ...real.map(({ world }) => world)].map(w => [w, []]),
    );
    const sentGaps = new Map(real.map(({ world }) => [world, 0]));
    let wake = () => {};

    async function judge({ world, step, params, drawn, distinct }: WorldSnapshot): Promise<void> {
      const errors = await evaluation.judge(params, test);
      const samples = own.get(world);
      const trainError = samples && (await evaluation.judge(params, samples)).hard;
      const point = { step, ...errors, ...(trainError !== undefined && { trainError }), drawn, distinct };
      curves.get(world)?.push(point);
      outputs.curves.next({ world, ...point });
      sendGaps();
      wake();
    }

    /** Those of steps that both worlds have been judged at by now. */
    function sendGaps(): void {
      const against = curves.get(ideal) ?? [];
      for (const [world, sent] of sentGaps) {
        const both = Math.min(against.length, curves.get(world)?.length ?? 0);
        if (both <= sent) continue;
        const gaps = gapsOf(world, (curves.get(world) ?? []).slice(0, both), against.slice(0, both));
        for (const gap of gaps.slice(sent)) outputs.gaps.next(gap);
        sentGaps.set(world, both);
      }
    }

    function faultsOf(ledger: WorldLedger, all: readonly WorldLedger[]): string[] {
      const { world, ids } = ledger;
      const pool = real.find(each => each.world === world)?.pool;
      const rule = { world, steps, batch: config.batch, samples: pool?.count ?? null };
      const faults = ledgerFaults(rule, ledger);
      if (world !== ideal) {
        const others = all.find(each => each.world === ideal)?.ids ?? new Int32Array(0);
        const shared = sharedSamples(ids, others);
        if (shared > 0)
          faults.push(`${world}: ${shared} of its samples are the ideal world’s: expected none`);
      }
      return faults;
    }

    inputs.snapshots.pipe(concatMap(judge)).subscribe({ error: crash });
    return {
      /** Waits until every world has been judged at every step. @param ledgers what the streams say they gave out */
      async verdict(ledgers: readonly WorldLedger[]): Promise<Judgement> {
        while ([...curves.values()].some(({ length }) => length < wanted)) {
          await new Promise<void>(resolve => {
            wake = resolve;
          });
        }
        return {
          curves: Object.fromEntries(curves),
          ledgers: Object.fromEntries(ledgers.map(each => [each.world, faultsOf(each, ledgers)])),
        };
      },
      stop: () => evaluation.dispose(),
    };
  },
});

function withNoise(
  { x, y }: LabelledSamples,
  { name, labellings }: DataSource,
  ids: Int32Array,
  noise: LabelNoise | null,
): LabelledSamples {
  const labelOf = labelsWith(noise, name, labellings[0].classes);
  const labels = Int32Array.from(ids, (id, i) => labelOf(id, y.data[i]));
  return { x, y: { shape: y.shape, data: labels } };
}
