import { onLane, openPipeline, partition } from '../../learners/pipeline-parallel/index.ts';
import { sequentialClassifierRef } from '../../learners/pipeline-parallel/nets/index.ts';
import type { Lane } from '../arms/index.ts';
import { evenCuts, glyphBatches } from './nets.ts';
import { busyTimes } from './spans.ts';

/** A net of unequal layers, cut by what they cost and cut in the middle. */
export interface PartitionDone {
  /** Milliseconds of each layer, forward and backward. */
  readonly costs: readonly number[];
  readonly automatic: Cut;
  readonly even: Cut;
}
interface Cut {
  readonly cuts: readonly number[];
  /** Milliseconds that each stage worked on a mini-batch. */
  readonly busy: readonly number[];
}

/** Wide layers first, and as many narrow ones behind them. */
const hidden = [512, 512, 512, 512, 32, 32, 32, 32, 32];
const rows = 128;
const [warm, timed] = [2, 12];

/** Times every layer as a stage of its own, one at a time, and cuts the net in two by that. */
export async function playPartition(lane: Lane, executor: string): Promise<PartitionDone> {
  const { seed } = lane;
  const layers = hidden.length + 1;
  const batch = glyphBatches(seed, rows);
  let done = 0;
  const busyOf = async (cuts: readonly number[], micro: number): Promise<number[]> => {
    const pipeline = await openPipeline(onLane(lane, { prefix: `${done} ` }), {
      net: sequentialClassifierRef({ net: { kind: 'mlp', hidden }, shape: [196] }),
      optimizer: { kind: 'sgd', learningRate: 0.01 },
      recompute: 'never',
      ...{ cuts, rows, micro, seed, executor },
    });
    const times: number[][] = [];
    for (let step = 0; step < warm + timed; step++) {
      const { spans } = await pipeline.step(batch(step));
      if (step >= warm) times.push(busyTimes(spans, cuts.length + 1));
    }
    await pipeline.close();
    lane.progress(++done);
    // The least: what others do on the machine only makes it longer.
    return times[0].map((_, stage) => Math.min(...times.map(each => each[stage])));
  };
  const costs = await busyOf(
    Array.from({ length: layers - 1 }, (_, i) => i + 1),
    1,
  );
  const automatic = partition(costs, 2);
  const even = evenCuts(layers, 2);
  return {
    costs,
    automatic: { cuts: automatic, busy: await busyOf(automatic, 4) },
    even: { cuts: even, busy: await busyOf(even, 4) },
  };
}
