import { usageError } from '../../core/errors.ts';
import { cosine } from '../../tensors/index.ts';
import type { GroupingConfig } from './config.ts';
import { createHead, type Head } from './head.ts';
import type { Group } from './scores.ts';
import { createTrunk } from './trunk.ts';

/** A network of some of the tasks: a trunk of its own, and their heads. */
export interface GroupNetwork {
  readonly group: Group;
  /** One step on the sum of the group's losses. @param y [batch, all tasks] @returns the losses, in the group's order */
  step(x: Float32Array, y: Int32Array, learningRate: number): Promise<number[]>;
  /** Its parameters: the trunk's, and each head's. */
  params(): Promise<{ readonly trunk: Float32Array; readonly heads: readonly Float32Array[] }>;
  dispose(): void;
}

/** Half a cosine from the configured rate to 0. @param step from 0 */
export const learningRateAt = ({ training }: GroupingConfig, step: number): number =>
  cosine(training.learningRate, 0)(step / training.steps);

/** The labels of one task of a batch. @param y [batch, tasks] */
export function labelsOf(y: Int32Array, task: number, tasks: number): Int32Array {
  const labels = new Int32Array(y.length / tasks);
  for (let i = 0; i < labels.length; i++) labels[i] = y[i * tasks + task];
  return labels;
}

/** The slopes of several losses, added in their order. */
export function sumOf(slopes: readonly Float32Array[]): Float32Array {
  const sum = slopes[0].slice();
  for (const slope of slopes.slice(1)) for (let i = 0; i < sum.length; i++) sum[i] += slope[i];
  return sum;
}

/**
 * Compiles the network of a group. It is made of the same parts as the actors that train all tasks together: of all tasks it
 * becomes the same as theirs, but for rounding.
 */
export async function createNetwork(config: GroupingConfig, group: Group): Promise<GroupNetwork> {
  const { tasks } = config;
  const unknown = group.find(task => tasks[task] === undefined);
  if (group.length === 0 || unknown !== undefined) {
    throw usageError(`group = ${group.join(', ')}: expected tasks 0 to ${tasks.length - 1}`);
  }
  const trunk = await createTrunk(config);
  const heads: Head[] = [];
  for (const task of group) heads.push(await createHead(config, task));
  return {
    group,
    async step(x, y, learningRate) {
      const rep = await trunk.represent(x);
      const losses: number[] = [];
      const slopes: Float32Array[] = [];
      for (let h = 0; h < heads.length; h++) {
        const look = await heads[h].learn(rep, labelsOf(y, group[h], tasks.length), learningRate);
        losses.push(look.loss);
        slopes.push(look.slope);
      }
      await trunk.update(x, sumOf(slopes), learningRate);
      return losses;
    },
    params: async () => ({
      trunk: await trunk.params(),
      heads: await Promise.all(heads.map(head => head.params())),
    }),
    dispose() {
      for (const part of [...heads, trunk]) part.dispose();
    },
  };
}
