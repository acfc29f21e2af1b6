import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import { Random } from '../../core/random.ts';
import type { UnlabelledPair } from '../../data/augment/index.ts';
import type { LabelledBatch, Need } from '../../data/contract.ts';
import { initTensors } from '../../tensors/index.ts';
import { classifierInit, classifierNet } from '../classifier/index.ts';
import { turns } from '../shared/turns.ts';
import { consistencyConfig } from './config.ts';
import { inOrder } from './in-order.ts';
import type { Anneal, Parameters, StepReport, Target } from './messages.ts';
import { ReportMeans } from './report-means.ts';
import { compileStudent } from './update.ts';

const count = z.number().int().positive();

/** What the student is spawned with. It names no data: what it learns from comes through its ports. */
export const studentConfig = z.object({
  settings: consistencyConfig,
  net: classifierNet,
  shape: z.array(count).describe('Of one sample.'),
  classes: z.number().int().min(2),
  steps: count.describe('Gradient steps.'),
  unlabelled: z
    .boolean()
    .describe('Whether pairs and targets are there to learn from; else from labels alone.'),
  reportEvery: count.describe('Steps between two reports.'),
  seed: z.number().int().describe('Of the initial parameters.'),
  executor: executorField,
});

/**
 * Learns from labelled examples, and to say of augmented examples what the teacher says of their originals: one gradient step a
 * labelled batch, a pair of unlabelled ones and the targets for it. The teacher is itself, one message away.
 */
export const studentLearner = defineActor(import.meta.url, {
  name: 'student',
  config: studentConfig,
  inputs: {
    labelled: port<LabelledBatch>(),
    pairs: port<UnlabelledPair>(),
    targets: port<Target>(),
    anneals: port<Anneal>(),
  },
  outputs: {
    labelledNeeds: port<Need>(),
    pairNeeds: port<Need>(),
    annealNeeds: port<Need>(),
    parameters: port<Parameters>(),
    reports: port<StepReport>(),
  },
  async start({ config, inputs, outputs, signal, heartbeat }) {
    const { net, shape, classes, steps, settings } = config;
    await initTensors(config.executor);
    const random = Random.fromSeed(config.seed).split('weights');
    const update = await compileStudent(classifierInit(random, net, shape, classes), settings);
    const labelled = pull(inputs.labelled, outputs.labelledNeeds, { total: steps });
    const anneals = pull(inputs.anneals, outputs.annealNeeds, { total: steps });
    const pairs = pull(inputs.pairs, outputs.pairNeeds, { total: steps });
    const targets = inOrder(inputs.targets, 'targets');
    const means = new ReportMeans();
    const samples = (data: Float32Array, rows: number) => ({ shape: [rows, ...shape], data });

    async function tell(index: number): Promise<void> {
      await update.state.settle();
      await outputs.parameters.ready();
      outputs.parameters.next({ index, values: update.state.flat('params') });
    }

    async function step(index: number): Promise<void> {
      await tell(index);
      const { ids, x, y } = await labelled.next();
      const { eta, learningRate, ...weighing } = await anneals.next();
      const side = { x: samples(x, ids.length), y: firstLabels(y, ids.length), eta, learningRate };
      if (!config.unlabelled) return means.add((await update.labelled(side)).figures);
      const pair = await pairs.next();
      const target = await targets.next();
      const rows = pair.ids.length;
      const { figures } = await update.both({
        ...side,
        ...(settings.entropyMinimisation > 0 && { u: samples(pair.u, rows) }),
        uAug: samples(pair.uAug, rows),
        p: { shape: [rows, classes], data: target.p },
        tau: weighing.tau,
        beta: weighing.beta,
        lambda: weighing.lambda,
      });
      means.add(figures);
    }

    return {
      /** Does all steps. @returns what ran them, and why */
      async learn(): Promise<{ readonly name: string; readonly reason: string }> {
        const turn = turns(heartbeat);
        for (let index = 0; index < steps && !signal.aborted; index++) {
          await step(index);
          const done = index + 1;
          if (done % config.reportEvery === 0 || done === steps) outputs.reports.next(means.take(done));
          await turn();
        }
        await tell(steps);
        const { name, reason } = (config.unlabelled ? update.both : update.labelled).executor;
        return { name, reason };
      },
      stop: () => update.dispose(),
    };
  },
});

/** [rows, labellings] to the first labelling. */
function firstLabels(y: Int32Array, rows: number) {
  const width = y.length / rows;
  return { shape: [rows], data: width === 1 ? y : Int32Array.from({ length: rows }, (_, i) => y[i * width]) };
}
