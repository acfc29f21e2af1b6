import { z } from 'zod';
import { executorField, startExecutor } from '../../actors/executor.ts';
import { policyRefSchema } from '../../actors/policy.ts';
import type { RecordedBatch } from '../../actors/recordings/stream.ts';
import { defineActor, port } from '../../actors/runtime/define.ts';
import { pull } from '../../actors/streams/pull.ts';
import type { MetricRow } from '../../core/metric-rows.ts';
import type { Need } from '../../data/contract.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import type { HostTensor } from '../../tensors/index.ts';
import { FigureMeans } from '../shared/figure-means.ts';
import { mustBeFinite } from '../shared/finite.ts';
import { turn } from '../shared/stretches.ts';
import { cloningConfig } from './config.ts';
import { initWeights } from './networks.ts';
import { compileCloningUpdate } from './update.ts';

/** What a cloning learner is spawned with. */
export const cloningLearnerConfig = z.object({
  policy: policyRefSchema.describe('What is learnt: `cloningPolicy`, of the spaces that the recording has.'),
  batches: z.number().int().positive().describe('Gradient steps in all, one a batch.'),
  reportEvery: z.number().int().positive().default(100).describe('Gradient steps between rows of figures.'),
  cloning: cloningConfig,
  executor: executorField,
});
/** `cloningLearnerConfig`, parsed. */
export type CloningLearnerConfig = z.output<typeof cloningLearnerConfig>;

/**
 * Learns to do what was recorded, from a stream of recorded actions. It asks for as many batches as it learns from. One that
 * dies is not put back: its batches are gone with it.
 */
export const cloningLearner = defineActor(import.meta.url, {
  name: 'cloning-learner',
  config: cloningLearnerConfig,
  inputs: { batches: port<RecordedBatch>() },
  outputs: { needs: port<Need>(), metrics: port<MetricRow>() },
  async start({ config, inputs, outputs, random, name, heartbeat }) {
    const { policy, batches: total, reportEvery, cloning } = config;
    const { spaces } = policy;
    await startExecutor(config.executor);
    const initial = initWeights(random.split('weights'), cloning, spaces);
    const update = await compileCloningUpdate(cloning, spaces, initial);
    const stream = pull(inputs.batches, outputs.needs, { total });
    const widths = [flatSize(spaces.observation), actionSize(spaces.action)];
    let done: Promise<Record<string, number>> | undefined;

    async function learnAll(): Promise<Record<string, number>> {
      let means = new FigureMeans();
      let last: Record<string, number> = {};
      for (let step = 1; step <= total; step++) {
        const { observations, actions } = await stream.next();
        const rows = observations.length / widths[0];
        const { loss, agreement, squaredError } = await update({
          observations: { shape: [rows, widths[0]], data: observations },
          actions: { shape: [rows, widths[1]], data: actions },
        });
        means.add(present({ loss, agreement, squaredError }));
        if (step % reportEvery !== 0 && step !== total) continue;
        last = means.values;
        mustBeFinite(last, 'a lower learningRate');
        await outputs.metrics.ready();
        outputs.metrics.next({ source: name, step, values: last });
        means = new FigureMeans();
        await turn(heartbeat);
      }
      await update.state.settle();
      return last;
    }

    return {
      /** Learns, once, to the end. @returns the last row of figures; asked again, the same */
      learn(): Promise<Record<string, number>> {
        done ??= learnAll();
        return done;
      },
      /** The policy as it is, its parameters end to end. */
      parameters: (): Float32Array => update.state.flat('weights').slice(),
      /** What the steps run on. */
      executor: () => update.executor,
      stop: () => update.dispose(),
    };
  },
});

/** Those that there are. */
const present = (figures: Readonly<Record<string, HostTensor | undefined>>): Record<string, HostTensor> =>
  Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== undefined)) as Record<
    string,
    HostTensor
  >;
