import { usageError } from '../../core/errors.ts';
import type { SequentialNet } from './contract.ts';
import { type LayerPlan, planNet } from './net.ts';
import { microRows } from './schedule.ts';

/** Some consecutive layers. */
export interface StagePlan {
  readonly from: number;
  readonly to: number;
  readonly input: LayerPlan['input'];
  readonly output: readonly number[];
  readonly parameters: number;
  readonly sums: number;
}

/** How a net is cut, and how its mini-batches are. */
export interface PipelinePlan {
  readonly layers: readonly LayerPlan[];
  readonly stages: readonly StagePlan[];
  /** Rows of the micro-batches of a mini-batch, by pipeline. */
  readonly rows: readonly (readonly number[])[];
  /** Rows of the largest one. */
  readonly largest: number;
}

/**
 * Plans a pipeline.
 * @param cuts the first layer of every stage but the first, ascending
 * @param micro M, or the rows of each micro-batch
 * @throws a usage error where the cuts do not fit the net, or the micro-batches the rows
 */
export function planPipeline(
  net: SequentialNet,
  options: {
    readonly cuts: readonly number[];
    readonly rows: number;
    readonly micro: number | readonly number[];
    readonly replicas: number;
    readonly seed: number;
  },
): PipelinePlan {
  const { cuts, replicas, seed } = options;
  const edges = [0, ...cuts, net.layers.length];
  edges.slice(1).forEach((end, i) => {
    if (!(Number.isInteger(end) && end > edges[i] && end <= net.layers.length)) {
      throw usageError(
        `pipeline: cuts = [${cuts.join(', ')}]: expected layers from 1 to ${net.layers.length - 1}, ascending`,
      );
    }
  });
  const all = allMicroRows(options);
  const micro = all.length / replicas;
  const rows = Array.from({ length: replicas }, (_, r) => all.slice(r * micro, (r + 1) * micro));
  const largest = Math.max(...all);
  const layers = planNet(net, largest, seed);
  const stages = edges.slice(1).map((to, i): StagePlan => {
    const own = layers.slice(edges[i], to);
    return {
      from: edges[i],
      to,
      input: own[0].input,
      output: own[own.length - 1].output,
      parameters: own.reduce((sum, { parameters }) => sum + parameters.size, 0),
      sums: own.reduce((sum, layer) => sum + layer.sums, 0),
    };
  });
  if (stages[0].parameters === 0 && net.input.dtype === 'int32') {
    throw usageError('pipeline: the first stage takes tokens and has no parameters: expected a later cut');
  }
  return { layers, stages, rows, largest };
}

function allMicroRows({
  rows,
  micro,
  replicas,
}: {
  readonly rows: number;
  readonly micro: number | readonly number[];
  readonly replicas: number;
}): readonly number[] {
  if (typeof micro === 'number') return microRows(rows, micro * replicas);
  const sum = micro.reduce((total, n) => total + n, 0);
  if (sum !== rows || micro.length % replicas !== 0 || micro.some(n => !(Number.isInteger(n) && n > 0))) {
    throw usageError(
      `pipeline: micro = [${micro.join(', ')}]: expected positive rows that add up to ${rows}${replicas > 1 ? `, as many for each of ${replicas} pipelines` : ''}`,
    );
  }
  return micro;
}
