import { bubbleFraction } from '../../learners/pipeline-parallel/index.ts';
import type { ControlDone, ReplicasDone } from './faults.ts';
import type { Compared, GradientsDone } from './gradients.ts';
import type { MemoryDone } from './memory.ts';
import type { PartitionDone } from './partitioning.ts';
import type { SpeedDone, Timed } from './speed.ts';
import type { TrainingDone } from './training.ts';

/** What was played. */
export interface Done {
  readonly gradients: readonly GradientsDone[];
  readonly training?: TrainingDone | undefined;
  readonly memory?: MemoryDone | undefined;
  readonly partition?: PartitionDone | undefined;
  readonly replicas?: ReplicasDone | undefined;
  readonly control?: ControlDone | undefined;
  readonly speed?: SpeedDone | undefined;
}

/** A net against the whole of it: the worst of all K, M, policies and mini-batches. */
export interface NetFigures {
  readonly gradient: number;
  /** Of uneven micro-batches alone. */
  readonly uneven: number;
  readonly params: number;
  readonly statistics: number;
  readonly apart: number;
  readonly clock: number;
}

/** What a run says. What was timed is in it as yes (1) or no (0), so that the same run says the same again. */
export interface PipelineFigures {
  readonly gradients: Readonly<Record<string, NetFigures>>;
  readonly training?: { readonly loss: number; readonly params: number } | undefined;
  readonly memory?:
    | {
        /** The largest |measured / formula − 1| of the stages. */
        readonly offFormula: number;
        /** recomputed / kept, of the last stage, whose layers are alike. */
        readonly share: number;
        /** Parameters of the largest net under the budget, over those of K = 1 that keeps everything. */
        readonly largest: number;
      }
    | undefined;
  readonly partition?: { readonly shorter: number } | undefined;
  readonly replicas?: ReplicasDone | undefined;
  readonly control?: { readonly timedOut: number; readonly changed: number } | undefined;
  /** Where two cores were idle. */
  readonly speed?:
    | {
        readonly kept: number;
        readonly recomputed: number;
        readonly naive: number;
        readonly bubble: number;
        readonly decreasing: number;
      }
    | undefined;
}

/** What the machine must show, where it has two idle cores. */
export const speedBars = { kept: 1.5, recomputed: 1.2, naive: 1.35, bubble: 0.1 } as const;
/** The dearest stage of the automatic cut takes so much of the even cut's at most. */
export const partitionBar = 0.8;

/** The figures of what was played. */
export function figuresOf(done: Done): PipelineFigures {
  const { training, memory, partition, replicas, control, speed } = done;
  const nets = [...new Set(done.gradients.map(({ net }) => net))];
  return {
    gradients: Object.fromEntries(
      nets.map(name => {
        const own = done.gradients.filter(({ net }) => net === name).flatMap(({ compared }) => compared);
        return [name, netFigures(own)];
      }),
    ),
    training: training && {
      loss: worst(training.whole.map((loss, i) => Math.abs(loss - training.pipeline[i]))),
      params: training.params,
    },
    memory: memory && {
      offFormula: worst(
        memory.stages.map(({ kept, recomputed, formula }) => Math.abs(recomputed / kept / formula - 1)),
      ),
      share:
        memory.stages[memory.stages.length - 1].recomputed / memory.stages[memory.stages.length - 1].kept,
      largest: memory.largest.recomputed.parameters / memory.largest.kept.parameters,
    },
    partition: partition && speed?.calm ? { shorter: yes(dearest(partition) <= partitionBar) } : undefined,
    replicas,
    control: control && {
      timedOut: yes(/not every stage is done within \d+ ms$/.test(control.error)),
      changed: control.changed,
    },
    speed: speed?.calm ? speedFigures(speed.timed) : undefined,
  };
}

function netFigures(compared: readonly Compared[]): NetFigures {
  const of = (some: readonly Compared[], what: (one: Compared) => number) => worst(some.map(what));
  const uneven = compared.filter(each => each.uneven);
  return {
    gradient: of(compared, each => each.gradient),
    uneven: of(uneven, each => each.gradient),
    params: of(compared, each => each.params),
    statistics: of(compared, each => each.statistics),
    apart: compared.reduce((sum, each) => sum + each.apart, 0),
    clock: of(compared, each => each.clock),
  };
}

/** The time of the dearest stage of the automatic cut, as a part of the even cut's. */
export const dearest = ({ automatic, even }: PartitionDone): number =>
  Math.max(...automatic.busy) / Math.max(...even.busy);

/** How many times faster pipelines are: than one stage on one core, and than two stages one after the other. */
export function speedUps(timed: readonly Timed[]) {
  const ms = (stages: number, micro: number, recompute: Timed['recompute']): number =>
    timed.find(each => each.stages === stages && each.micro === micro && each.recompute === recompute)?.ms ??
    Number.NaN;
  // One stage has no use for micro-batches: it is held against as it is fastest.
  const one = Math.min(...timed.filter(({ stages }) => stages === 1).map(each => each.ms));
  return {
    one,
    over: (micro: number, recompute: Timed['recompute']) => one / ms(2, micro, recompute),
    naive: ms(2, 1, 'never') / ms(2, 8, 'never'),
  };
}

function speedFigures(timed: readonly Timed[]): PipelineFigures['speed'] {
  const { over, naive } = speedUps(timed);
  const idle = [4, 8, 16].map(
    micro =>
      timed.find(each => each.stages === 2 && each.micro === micro && each.recompute === 'never') as Timed,
  );
  return {
    kept: yes(over(8, 'never') >= speedBars.kept),
    recomputed: yes(over(8, 'exceptLast') >= speedBars.recomputed),
    naive: yes(naive >= speedBars.naive),
    bubble: yes(idle.every(each => each.idle <= bubbleFraction(each.micro, 2) + speedBars.bubble)),
    decreasing: yes(idle.every((each, i) => i === 0 || each.idle < idle[i - 1].idle)),
  };
}

const yes = (holds: boolean): number => Number(holds);
const worst = (values: readonly number[]): number =>
  values.some(Number.isNaN) ? Number.NaN : Math.max(0, ...values);
