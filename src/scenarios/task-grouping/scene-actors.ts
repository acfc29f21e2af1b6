import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { sizeOf } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { DataSource, LabelledBatch, Need } from '../../data/contract.ts';
import { groupJudgeFields, groupJudgePorts, startGroupJudge } from '../../learners/task-grouping/index.ts';
import { openScenes } from './scene-source.ts';

const count = z.number().int().positive();

/** Scenes that are played stay with their thread, for the next arm. */
const opened = new Map<string, Promise<DataSource>>();
function scenesOf(seed: number, split: 'train' | 'test'): Promise<DataSource> {
  const key = `${split} ${seed}`;
  const source = opened.get(key) ?? openScenes(seed, split);
  opened.set(key, source);
  return source;
}

/** Plays scenes and sends them over and over, each epoch in an order of its own, as far as it was given credit. */
export const sceneStream = defineActor(import.meta.url, {
  name: 'scenes',
  config: z.object({ count, batch: count, seed: z.number().int() }),
  inputs: { needs: port<Need>() },
  outputs: { batches: port<LabelledBatch>() },
  async start({ config, inputs, outputs, heartbeat }) {
    const { count, batch, seed } = config;
    if (batch > count) {
      throw usageError(`batch = ${batch}: expected at most the ${count} scenes that there are to draw from`);
    }
    const source = await scenesOf(seed, 'train');
    const size = sizeOf(source.shape);
    const tasks = source.labellings.length;
    const x = new Float32Array(count * size);
    const y = new Int32Array(count * tasks);
    for (let id = 0; id < count; id++) {
      if (id % 100 === 0) heartbeat();
      source.write(id, x, id * size);
      for (let task = 0; task < tasks; task++) y[id * tasks + task] = source.label(id, task);
    }
    const order = Int32Array.from({ length: count }, (_, id) => id);
    const perEpoch = Math.floor(count / batch);
    const epochs = Random.fromSeed(seed).split('scene epochs');
    let sent = 0;
    inputs.needs.subscribe(({ batches }) => {
      for (let left = batches; left > 0; left--) {
        const at = sent % perEpoch;
        if (at === 0) epochs.split(sent / perEpoch).shuffle(order);
        const ids = order.slice(at * batch, (at + 1) * batch);
        const some = {
          index: sent,
          ids,
          x: new Float32Array(batch * size),
          y: new Int32Array(batch * tasks),
        };
        ids.forEach((id, i) => {
          some.x.set(x.subarray(id * size, (id + 1) * size), i * size);
          some.y.set(y.subarray(id * tasks, (id + 1) * tasks), i * tasks);
        });
        sent++;
        outputs.batches.next(some);
      }
    });
  },
});

/** Plays scenes that nobody else sees, and judges the networks of groups on them. */
export const sceneJudge = defineActor(import.meta.url, {
  name: 'judge',
  config: groupJudgeFields,
  ...groupJudgePorts,
  start: async context => startGroupJudge(context, await scenesOf(context.config.seed, 'test')),
});
