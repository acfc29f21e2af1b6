import { concatMap } from 'rxjs';
import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import { TroupeError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { LabelledBatch, Need } from '../../data/contract.ts';
import { initTensors } from '../../tensors/index.ts';
import { classifierInit, classifierNet } from '../classifier/index.ts';
import { bootstrapFields } from './config.ts';
import type { Done, PairInit, Tick, WorldSnapshot } from './messages.ts';
import { compileWorldStep } from './update.ts';

/** What a world's learner is spawned with: nothing of it says whether the world is the real or the ideal one. */
export const worldLearnerConfig = z.object({
  world: z.string().min(1).describe('What its messages call it.'),
  net: classifierNet,
  shape: z.array(z.number().int().positive()).min(1).describe('Of one sample.'),
  classes: z.number().int().min(2),
  ...bootstrapFields.pick({ momentum: true, weightDecay: true }).shape,
  executor: executorField,
});

/**
 * Learns by SGD from whatever stream it is linked to, a batch a tick. The real and the ideal world are two copies of it:
 * what makes them different is the stream alone.
 */
export const worldLearner = defineActor(import.meta.url, {
  name: 'world',
  config: worldLearnerConfig,
  inputs: { inits: port<PairInit>(), ticks: port<Tick>(), batches: port<LabelledBatch>() },
  outputs: { needs: port<Need>(), done: port<Done>(), snapshots: port<WorldSnapshot>() },
  async start({ config, inputs, outputs, crash }) {
    const { world, net, shape, classes } = config;
    await initTensors(config.executor);
    // Weights of its own would do no harm: they are overwritten by the coupler's before the first tick counts.
    const form = classifierInit(Random.fromSeed(0), net, shape, classes);
    const update = await compileWorldStep(config, form);
    // Not a batch ahead: what the stream gave out is what was trained on.
    const stream = pull(inputs.batches, outputs.needs, { ahead: 0 });
    const seen = new Set<number>();
    let drawn = 0;
    let begin: () => void;
    const begun = new Promise<void>(resolve => {
      begin = resolve;
    });

    async function show(step: number): Promise<void> {
      await update.state.settle();
      const params = update.state.flat('params').slice();
      if (!params.every(Number.isFinite)) {
        throw new TroupeError(`${world}: training broke down by step ${step}: try a lower learningRate`);
      }
      await outputs.snapshots.ready();
      outputs.snapshots.next({ world, step, params, drawn, distinct: seen.size });
    }

    async function take({ step, lr, measure }: Tick): Promise<void> {
      await begun;
      const { ids, x, y } = await stream.next();
      const rows = ids.length;
      await update({
        x: { shape: [rows, ...shape], data: x },
        y: { shape: [rows], data: firstLabels(y, rows) },
        learningRate: lr,
      });
      drawn += rows;
      for (const id of ids) seen.add(id);
      if (measure) await show(step + 1);
      outputs.done.next({ world, step });
    }

    inputs.inits
      .pipe(
        concatMap(async ({ params }) => {
          update.state.setFlat('params', params);
          await show(0);
          begin();
        }),
      )
      .subscribe({ error: crash });
    inputs.ticks.pipe(concatMap(take)).subscribe({ error: crash });
    return {
      /** What the steps run on, as it is now. */
      executor: () => update.executor,
      stop: () => update.dispose(),
    };
  },
});

/** The first labelling of each sample. @param y [rows, labellings] */
function firstLabels(y: Int32Array, rows: number): Int32Array {
  const labellings = y.length / rows;
  return labellings === 1 ? y : Int32Array.from({ length: rows }, (_, i) => y[i * labellings]);
}
