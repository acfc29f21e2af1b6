import { concatMap } from 'rxjs';
import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { usageError } from '../../core/errors.ts';
import { initTensors } from '../../tensors/index.ts';
import { groupingConfig } from './config.ts';
import { type Busy, startMeter } from './cost.ts';
import { createHead } from './head.ts';
import type { HeadGrad, Probe, ProbeLoss, Rep } from './messages.ts';
import { labelsOf, learningRateAt } from './network.ts';

/** What a task's learner is spawned with. */
export const taskConfig = groupingConfig.extend({
  task: z.number().int().min(0).describe('Which of the tasks it is.'),
});

/**
 * Holds the head of one task. It answers every representation with its loss's slope, and learns from it; where a probe of the
 * batch follows, it learns only after it has told the ledger how it would have done under each θ|i.
 */
export const taskLearner = defineActor(import.meta.url, {
  name: 'task',
  config: taskConfig,
  inputs: { work: port<Rep | Probe>() },
  outputs: { gradients: port<HeadGrad>(), losses: port<ProbeLoss>() },
  async start({ config, inputs, outputs, crash }) {
    const meter = startMeter();
    const { task, tasks } = config;
    if (task >= tasks.length) throw usageError(`task = ${task}: expected one below ${tasks.length}`);
    await initTensors(config.executor);
    const head = await createHead(config, task);
    /** The batch that is to be learnt from when its probe has come. */
    let held: { readonly rep: Rep; readonly y: Int32Array; readonly loss: number } | undefined;

    async function answer(rep: Rep): Promise<void> {
      if (held) throw usageError(`task ${task}: ${rep.batch}: expected the probe of ${held.rep.batch} first`);
      const y = labelsOf(rep.y, task, tasks.length);
      const { loss, slope } = rep.probed
        ? await head.look(rep.rep, y)
        : await head.learn(rep.rep, y, learningRateAt(config, rep.step));
      if (rep.probed) held = { rep, y, loss };
      outputs.gradients.next({ batch: rep.batch, task, loss, slope });
    }

    async function probe({ batch, step, reps }: Probe): Promise<void> {
      if (held?.rep.step !== step) {
        throw usageError(`task ${task}: ${batch}: expected the probe of ${held?.rep.batch ?? 'no batch'}`);
      }
      const { rep, y, loss } = held;
      held = undefined;
      const after = await head.probe(reps, y);
      outputs.losses.next({ batch, step, task, before: loss, after });
      await head.learn(rep.rep, y, learningRateAt(config, rep.step));
    }

    inputs.work
      .pipe(concatMap(message => (message.kind === 'rep' ? answer(message) : probe(message))))
      .subscribe({ error: crash });
    return {
      /** How long its thread has worked since it was there. */
      busy: (): Busy => meter(),
      /** The head's parameters end to end. */
      params: (): Promise<Float32Array> => head.params(),
      stop: () => head.dispose(),
    };
  },
});
