import { medianOf } from '../../core/median.ts';
import {
  type LaneLike,
  onLane,
  openPipeline,
  type Pipeline,
  type PipelinePlace,
  type Recompute,
  type Span,
} from '../../learners/pipeline-parallel/index.ts';
import type { Lane } from '../arms/index.ts';
import { evenCuts, glyphBatches, glyphMlp } from './nets.ts';
import type { PipelineScenarioOptions } from './options.ts';
import { measuredIdle } from './spans.ts';

/** Medians of a pipeline over all rounds. */
export interface Timed {
  readonly stages: number;
  readonly micro: number;
  readonly recompute: Recompute;
  /** Milliseconds of a mini-batch, the update included. */
  readonly ms: number;
  /** The share of its stages' time in which they did nothing. */
  readonly idle: number;
}

/** What was timed while nothing else ran. */
export interface SpeedDone {
  /** Whether there were two idle cores, before and after. */
  readonly calm: boolean;
  /** How much longer two mini-batches at once took than one, before and after. */
  readonly probes: readonly number[];
  readonly timed: readonly Timed[];
  /** Of a mini-batch with M = 8: everything kept, and recomputed. */
  readonly shown: { readonly never: readonly Span[]; readonly exceptLast: readonly Span[] };
}

/** Two at once may take so much longer than one where two cores are idle. */
export const calmBelow = 1.25;
/** M that are timed. */
export const timedMicro = [1, 2, 4, 8, 16];

/** All pipelines stand ready at once, and are timed by turns: what slows the machine down slows all. */
export async function playSpeed(
  lane: Lane,
  { speed }: PipelineScenarioOptions,
  executor: string,
): Promise<SpeedDone> {
  const { seed } = lane;
  const { depth, width, rows, rounds } = speed;
  const batch = glyphBatches(seed, rows)(0);
  let number = 0;
  const open = (
    place: (prefix: string) => PipelinePlace,
    stages: number,
    micro: number,
    recompute: Recompute,
  ) =>
    openPipeline(place(`${number++} `), {
      net: glyphMlp(depth, width),
      cuts: evenCuts(depth + 1, stages),
      optimizer: { kind: 'sgd', learningRate: 0.001 },
      ...{ rows, micro, recompute, seed, executor },
    });
  const both = (prefix: string) => onLane(lane, { prefix });
  const kinds = [
    ...[1, 8].map(micro => ({ stages: 1, micro, recompute: 'never' as const })),
    ...timedMicro.flatMap(micro =>
      (['never', 'exceptLast'] as const).map(recompute => ({ stages: 2, micro, recompute })),
    ),
  ];
  const arms: {
    readonly kind: (typeof kinds)[number];
    readonly pipeline: Pipeline;
    readonly ms: number[];
    readonly idle: number[];
  }[] = [];
  for (const kind of kinds) {
    arms.push({
      kind,
      pipeline: await open(both, kind.stages, kind.micro, kind.recompute),
      ms: [],
      idle: [],
    });
  }
  const twin = await open(beside(lane), 1, 1, 'never');
  const [alone] = arms;

  /** Two on the two threads, against one. */
  const probe = async (): Promise<number> => {
    const one: number[] = [];
    const two: number[] = [];
    for (let i = 0; i < 4; i++) {
      one.push(await timeOf(() => alone.pipeline.step(batch)));
      two.push(await timeOf(() => Promise.all([alone.pipeline.step(batch), twin.step(batch)])));
    }
    return medianOf(two) / medianOf(one);
  };

  let shown: SpeedDone['shown'] = { never: [], exceptLast: [] };
  for (const { pipeline } of arms) await pipeline.step(batch);
  await twin.step(batch);
  const probes = [await probe()];
  for (let round = 0; round < rounds; round++) {
    for (const { kind, pipeline, ms, idle } of arms) {
      const from = performance.now();
      const { spans } = await pipeline.step(batch);
      ms.push(performance.now() - from);
      idle.push(measuredIdle(spans, kind.stages));
      if (kind.stages === 2 && kind.micro === 8) shown = { ...shown, [kind.recompute]: spans };
    }
    lane.progress(round + 1);
  }
  probes.push(await probe());
  for (const { pipeline } of arms) await pipeline.close();
  await twin.close();
  return {
    calm: probes.every(ratio => ratio <= calmBelow),
    probes,
    timed: arms.map(({ kind, ms, idle }) => ({ ...kind, ms: medianOf(ms), idle: medianOf(idle) })),
    shown,
  };
}

/** A pipeline of one stage on the lane's other thread. */
const beside =
  (lane: LaneLike) =>
  (prefix: string): PipelinePlace => ({
    ...onLane(lane, { prefix }),
    stage: (definition, config, { index: _, name, ...watch }) =>
      lane.spawn(definition, config, { ...watch, name: `${prefix}${name}`, on: 'beside' }),
  });

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
