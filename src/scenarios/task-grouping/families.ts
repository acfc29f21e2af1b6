import type { InputEnd, OutputEnd } from '../../actors/contract.ts';
import { labelledStream } from '../../actors/streams/index.ts';
import type { LabelledBatch, Labelling, Need } from '../../data/contract.ts';
import { type GroupDone, groupJudge, type TrainedGroup } from '../../learners/task-grouping/index.ts';
import type { Lane } from '../arms/index.ts';
import { sceneJudge, sceneStream } from './scene-actors.ts';
import { sceneShape, sceneTasks } from './scene-source.ts';
import type { Grouping } from './settings.ts';

/** The names of the families of tasks. */
export const familyNames = ['digit-pairs', 'scenes'] as const;
/** One of them. */
export type FamilyName = (typeof familyNames)[number];

/** Samples that many tasks are asked about, and who sends and judges them. */
export interface Family {
  readonly name: FamilyName;
  readonly tasks: readonly Labelling[];
  /** Numbers of a sample. */
  readonly inputs: number;
  /** The groups that the samples are made of: each task's, by number. Learners are not told. */
  readonly blocks: readonly number[];
  /** Networks for which the chosen groups are shown. */
  readonly judgedAt: number;
  stream(
    lane: Lane,
    options: { readonly train: number; readonly batch: number },
  ): Promise<{
    readonly inputs: { readonly needs: InputEnd<Need> };
    readonly outputs: { readonly batches: OutputEnd<LabelledBatch> };
  }>;
  judge(
    lane: Lane,
    grouping: Grouping,
    count: number,
  ): Promise<{
    readonly inputs: { readonly trained: InputEnd<TrainedGroup> };
    readonly outputs: { readonly done: OutputEnd<GroupDone> };
  }>;
}

const digitTasks: readonly Labelling[] = ['L', 'R'].flatMap(side => [
  { name: `${side} digit`, classes: 10 },
  { name: `${side} parity`, classes: 2 },
  { name: `${side} high`, classes: 2 },
]);

/** Both families. */
export const families: { readonly [K in FamilyName]: Family } = {
  'digit-pairs': {
    name: 'digit-pairs',
    tasks: digitTasks,
    inputs: 14 * 28,
    blocks: [0, 0, 0, 1, 1, 1],
    judgedAt: 2,
    stream: (lane, { train, batch }) =>
      lane.spawn(labelledStream, {
        data: { name: 'digit-pairs', seed: lane.seed },
        pool: { from: 0, count: train },
        batch,
        seed: lane.seed,
      }),
    judge: (lane, grouping, count) =>
      lane.spawn(groupJudge, { ...grouping, count, data: { name: 'digit-pairs', seed: lane.seed } }),
  },
  scenes: {
    name: 'scenes',
    tasks: sceneTasks,
    inputs: sceneShape.reduce((product, n) => product * n, 1),
    blocks: [0, 0, 0, 0, 1, 1, 1, 1],
    judgedAt: 3,
    stream: (lane, { train, batch }) => lane.spawn(sceneStream, { count: train, batch, seed: lane.seed }),
    judge: (lane, grouping, count) => lane.spawn(sceneJudge, { ...grouping, count }),
  },
};
