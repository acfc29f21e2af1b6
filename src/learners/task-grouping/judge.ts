import { concatMap } from 'rxjs';
import { z } from 'zod';
import { type ActorContext, defineActor, port, type ValuePort } from '../../actors/index.ts';
import { poolIds } from '../../actors/streams/index.ts';
import { sizeOf } from '../../core/arrays.ts';
import type { DataSource } from '../../data/contract.ts';
import { openData, testRef } from '../../data/open.ts';
import {
  compile,
  type Dense,
  dense,
  initTensors,
  labelCrossEntropy,
  type Mlp,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import { groupingConfig } from './config.ts';
import { headInit } from './head.ts';
import type { GroupDone, TrainedGroup } from './messages.ts';
import { labelsOf } from './network.ts';
import { represent, trunkInit } from './trunk.ts';

/** What every judge of groups is spawned with. */
export const groupJudgeFields = groupingConfig.extend({
  count: z.number().int().positive().describe('Samples to judge on.'),
});
/** What the judge of groups is spawned with. */
export const groupJudgeConfig = groupJudgeFields.extend({
  data: testRef.describe('Samples that nobody else can open.'),
});

const inputs = { trained: port<TrainedGroup>() };
const outputs = { done: port<GroupDone>() };
/** What the `start` of a judge of groups is given. */
export type GroupJudgeContext = ActorContext<
  z.output<typeof groupJudgeFields>,
  { readonly trained: ValuePort<TrainedGroup> },
  { readonly done: ValuePort<GroupDone> }
>;
/** The ports of a judge of groups. */
export const groupJudgePorts = { inputs, outputs };

/** Holds test samples and their labels, and says how the networks of groups do on them. It tells nobody anything else. */
export const groupJudge = defineActor(import.meta.url, {
  name: 'judge',
  config: groupJudgeConfig,
  inputs,
  outputs,
  start: context => startGroupJudge(context, openData(context.config.data)),
});

/** The judge's actor around a source of test samples. */
export async function startGroupJudge(
  { config, inputs, outputs, crash }: GroupJudgeContext,
  source: DataSource,
) {
  const { count, tasks, seed } = config;
  await initTensors(config.executor);
  const ids = poolIds(source, { pool: { from: 0, count }, perClass: null, seed });
  const size = sizeOf(source.shape);
  const x = { shape: [count, size], data: new Float32Array(count * size) };
  const y = new Int32Array(count * tasks.length);
  for (let i = 0; i < count; i++) {
    source.write(ids[i], x.data, i * size);
    for (let task = 0; task < tasks.length; task++) {
      y[i * tasks.length + task] = source.label(ids[i], task);
    }
  }

  const trunk = await compile(
    ({ params, x }: { params: Mlp<Tensor>; x: Tensor }) => ({ rep: represent(params, x) }),
    { state: { params: trunkInit(config) }, name: 'judged trunk', executor: config.executor },
  );
  const headOf = (task: number) =>
    compile(
      ({ params, rep, y }: { params: Dense<Tensor>; rep: Tensor; y: Tensor }) => {
        const logits = dense(params, rep);
        return {
          loss: tf.mean(labelCrossEntropy(logits, y)),
          error: tf.mean(tf.cast(tf.notEqual(tf.argMax(logits, 1), y), 'float32')),
        };
      },
      { state: { params: headInit(config, task) }, name: 'judged head', executor: config.executor },
    );
  const heads: Awaited<ReturnType<typeof headOf>>[] = [];
  for (let task = 0; task < tasks.length; task++) heads.push(await headOf(task));

  async function judge(network: TrainedGroup): Promise<GroupDone> {
    trunk.state.setFlat('params', network.trunk);
    const { rep } = await trunk({ x });
    const perTask: { loss: number; error: number }[] = [];
    for (let h = 0; h < network.group.length; h++) {
      const task = network.group[h];
      heads[task].state.setFlat('params', network.heads[h]);
      const labels = labelsOf(y, task, tasks.length);
      const { loss, error } = await heads[task]({ rep, y: { shape: [count], data: labels } });
      perTask.push({ loss: loss.data[0], error: error.data[0] });
    }
    return { group: network.group, perTask };
  }

  inputs.trained.pipe(concatMap(judge)).subscribe({ next: done => outputs.done.next(done), error: crash });
  return {
    /** The numbers of the samples that it judges on. */
    ids: (): Int32Array => ids,
    /** How a network does. */
    judge,
    stop() {
      for (const program of [...heads, trunk]) program.dispose();
    },
  };
}
