import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import { TroupeError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { Need } from '../../data/contract.ts';
import { cosine, initTensors, linear } from '../../tensors/index.ts';
import { languageModelConfig } from '../language-model/index.ts';
import { turns } from '../shared/turns.ts';
import { initialModel } from './init.ts';
import type { Admission, ModelSnapshot, TextBatch, TuningReport } from './messages.ts';
import { replaySteps } from './replay.ts';
import { compileUpdate } from './update.ts';

const count = z.number().int().positive();
/** What a learner of language is spawned with: it lives for one phase. */
export const lmLearnerConfig = z.strictObject({
  model: languageModelConfig,
  vocabulary: count.describe('How many tokens there are.'),
  phase: z
    .enum(['pretrain', 'tune'])
    .describe('Declarative text alone with half a cosine, or admitted batches with a straight line.'),
  steps: count.describe('Gradient steps.'),
  learningRate: z.number().positive().describe('At the start; falls to 0.'),
  weightDecay: z.number().min(0).default(0).describe('Of AdamW, on matrices alone.'),
  replay: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe('Share of the steps of tuning that read declarative text.'),
  reportEvery: count.describe('Steps between two reports.'),
  snapshotEvery: count
    .nullable()
    .default(null)
    .describe('Steps between two snapshots for judges; null: none but the last.'),
  seed: z.number().int().describe('Of the initial parameters.'),
  executor: executorField,
});

/** What is left when a phase is done. */
export interface PhaseDone {
  /** All parameters end to end. */
  readonly params: Float32Array;
  readonly executor: { readonly name: string; readonly reason: string };
}

/**
 * A decoder of tokens that learns by Adam: from declarative text, or from the batches that the guard admits, with text replayed in
 * between. Judges get its parameters as they are.
 */
export const lmLearner = defineActor(import.meta.url, {
  name: 'learner',
  config: lmLearnerConfig,
  inputs: { text: port<TextBatch>(), tuning: port<Admission>() },
  outputs: {
    textNeeds: port<Need>(),
    tuningNeeds: port<Need>(),
    snapshots: port<ModelSnapshot>(),
    reports: port<TuningReport>(),
  },
  async start({ config, inputs, outputs, signal, heartbeat }) {
    const { model, phase, steps, reportEvery, snapshotEvery } = config;
    await initTensors(config.executor);
    const random = Random.fromSeed(config.seed).split('language model');
    const update = await compileUpdate(
      initialModel(random, model, config.vocabulary),
      model,
      config.weightDecay,
    );
    const replayed = replaySteps(steps, phase === 'pretrain' ? 1 : config.replay);
    const texts = replayed.filter(Boolean).length;
    const text = pull(inputs.text, outputs.textNeeds, { total: texts });
    const tuning = pull(inputs.tuning, outputs.tuningNeeds, { total: steps - texts });
    const rate = (phase === 'pretrain' ? cosine : linear)(config.learningRate, 0);

    async function admitted(): Promise<TextBatch> {
      const batch = await tuning.next();
      if (batch.admitted) return batch;
      throw new TroupeError(batch.reason);
    }

    async function step(index: number): Promise<number> {
      const { rows, ids, lossMask } = replayed[index] ? await text.next() : await admitted();
      const shape = [rows, ids.length / rows];
      const { loss } = await update({
        ids: { shape, data: ids },
        lossMask: { shape, data: lossMask },
        learningRate: rate(index / steps),
      });
      const value = loss.data[0];
      if (Number.isFinite(value)) return value;
      throw new TroupeError(
        `learning broke down at step ${index}: loss = ${value}; try a lower learningRate`,
      );
    }

    async function tell(done: number): Promise<void> {
      await update.state.settle();
      await outputs.snapshots.ready();
      outputs.snapshots.next({ step: done, params: update.state.flat('params').slice() });
    }

    return {
      /**
       * Does all steps.
       * @param from parameters to start from, end to end; null: the initial ones
       */
      async learn(from: Float32Array | null): Promise<PhaseDone> {
        if (from) update.state.setFlat('params', from);
        const turn = turns(heartbeat);
        const losses: [text: number[], target: number[]] = [[], []];
        for (let index = 0; index < steps && !signal.aborted; index++) {
          losses[replayed[index] ? 0 : 1].push(await step(index));
          const done = index + 1;
          if (done % reportEvery === 0 || done === steps) {
            const [textLoss, targetLoss] = losses.map(meanOrNull);
            outputs.reports.next({ step: done, textLoss, targetLoss });
            for (const some of losses) some.length = 0;
          }
          if (done === steps || (snapshotEvery !== null && done % snapshotEvery === 0)) await tell(done);
          await turn();
        }
        await update.state.settle();
        const { name, reason } = update.executor;
        return { params: update.state.flat('params').slice(), executor: { name, reason } };
      },
      stop: () => update.dispose(),
    };
  },
});

const meanOrNull = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
