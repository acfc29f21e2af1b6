import {
  bubbleFraction,
  microRows,
  onLane,
  openPipeline,
  type PlantedFault,
  type Recompute,
  type Span,
  type StepReport,
} from '../../learners/pipeline-parallel/index.ts';
import type { Lane } from '../arms/index.ts';
import { bitsApart, farthest } from './compare.ts';
import { evenCuts, type GridNet } from './nets.ts';
import { logicalIdle } from './spans.ts';
import { type WholeStep, wholeNet } from './whole-net.ts';

/** A pipeline against the whole net, over some mini-batches. */
export interface Compared {
  /** M. */
  readonly micro: number;
  readonly uneven: boolean;
  /** Largest difference of gradients, as a part of the largest; the worst of all policies and mini-batches. */
  readonly gradient: number;
  /** The same of parameters after clipped updates. */
  readonly params: number;
  /** The same of running statistics. */
  readonly statistics: number;
  /** Numbers of gradients, parameters or statistics that differ in any bit between policies of recomputation. */
  readonly apart: number;
  /** How far the clock's idle share is from (K − 1) / (M + K − 1), of both passes. */
  readonly clock: number;
}

/** What an arm of the grid gives: a net in K stages, for all M. */
export interface GradientsDone {
  readonly net: string;
  readonly stages: number;
  readonly compared: readonly Compared[];
  /** Of a mini-batch, everything kept and recomputed: M = 8, or the most there is. */
  readonly shown: { readonly never: readonly Span[]; readonly always: readonly Span[] };
  readonly executor: string;
}

/** The second one has moved parameters, and what the first left behind. */
const minis = 2;
const learningRate = 0.1;
const policies: readonly Recompute[] = ['never', 'exceptLast', 'always'];

/** Pipelines so far that this arm opens, for progress. */
export const openedBy = ({ micro }: GridNet): number => micro.length * policies.length;

interface Played {
  readonly gradients: readonly Float32Array[];
  readonly params: readonly Float32Array[];
  readonly statistics: Readonly<Record<string, Float32Array>>;
  readonly reports: readonly StepReport[];
  readonly executor: string;
}

/**
 * Plays a net in K stages for every M and every policy of recomputation, and compares each with the whole net.
 * @param fault done wrong on purpose, to see that the comparison shows it
 */
export async function playGradients(
  lane: Lane,
  grid: GridNet,
  stages: number,
  executor: string,
  fault?: PlantedFault,
): Promise<GradientsDone> {
  const { net, rows, layers, byMicro } = grid;
  const { seed } = lane;
  const whole = await lane.spawn(wholeNet, {
    net: { ...net },
    ...{ rows, seed, executor, learningRate, byMicro },
  });
  const batches = Array.from({ length: minis }, (_, mini) => grid.batch(mini));
  const { norm } = await whole.call.step(batches[0], [rows], 0);
  // Half as long as the first gradient: it is clipped in every mini-batch.
  const clip = norm / 2;
  let opened = 0;

  async function play(micro: number | readonly number[], recompute: Recompute): Promise<Played> {
    const pipeline = await openPipeline(onLane(lane, { prefix: `${opened} ` }), {
      net,
      cuts: evenCuts(layers, stages),
      optimizer: { kind: 'sgd', learningRate },
      ...{ rows, micro, recompute, clip, seed, executor, fault },
    });
    const gradients: Float32Array[] = [];
    const params: Float32Array[] = [];
    const reports: StepReport[] = [];
    for (const batch of batches) {
      reports.push(await pipeline.step(batch));
      gradients.push(await pipeline.gradients());
      params.push(await pipeline.parameters());
    }
    const statistics = await pipeline.statistics();
    const [name] = await pipeline.executors();
    await pipeline.close();
    lane.progress(++opened);
    return { gradients, params, statistics, reports, executor: name };
  }

  const compared: Compared[] = [];
  let shown: GradientsDone['shown'] = { never: [], always: [] };
  let ran = '';
  for (const micro of grid.micro) {
    const each = typeof micro === 'number' ? microRows(rows, micro) : micro;
    await whole.call.reset();
    const wanted: WholeStep[] = [];
    for (const batch of batches) wanted.push(await whole.call.step(batch, each, clip));
    const played: Played[] = [];
    for (const recompute of policies) played.push(await play(micro, recompute));
    const [never, , always] = played;
    compared.push({
      micro: each.length,
      uneven: new Set(each).size > 1,
      ...differences(played, wanted),
      apart: played.slice(1).reduce((sum, one) => sum + differing(never, one), 0),
      clock: clockDifference(never.reports[0].spans, stages, each.length),
    });
    if (shown.never.length === 0 || each.length === 8) {
      shown = { never: never.reports[1].spans, always: always.reports[1].spans };
    }
    ran = never.executor;
    lane.row(each.length, { ...differences(played, wanted) });
  }
  return { net: grid.name, stages, compared, shown, executor: ran };
}

const worst = (values: readonly number[]): number =>
  values.some(Number.isNaN) ? Number.NaN : Math.max(0, ...values);

function differences(played: readonly Played[], wanted: readonly WholeStep[]) {
  const over = (of: (one: Played, mini: number) => number) =>
    worst(played.flatMap(one => wanted.map((_, mini) => of(one, mini))));
  const last = wanted[wanted.length - 1].statistics;
  return {
    gradient: over(({ gradients }, mini) => farthest(gradients[mini], wanted[mini].gradient)),
    params: over(({ params }, mini) => farthest(params[mini], wanted[mini].params)),
    statistics: worst(
      played.flatMap(({ statistics }) =>
        Object.entries(last).map(([name, values]) => farthest(statistics[name], values)),
      ),
    ),
  };
}

function differing(a: Played, b: Played): number {
  const of = ({ gradients, params, statistics }: Played) => [
    ...gradients,
    ...params,
    ...Object.values(statistics),
  ];
  const [x, y] = [of(a), of(b)];
  return x.reduce((sum, values, i) => sum + bitsApart(values, y[i]), 0);
}

const clockDifference = (spans: readonly Span[], stages: number, micro: number): number =>
  worst(
    (['F', 'B'] as const).map(phase =>
      Math.abs(logicalIdle(spans, stages, phase) - bubbleFraction(micro, stages)),
    ),
  );
