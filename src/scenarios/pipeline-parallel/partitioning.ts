import {
  measureCosts,
  onLane,
  openPipeline,
  partition,
  type Span,
} from '../../learners/pipeline-parallel/index.ts';
import { sequentialClassifierRef } from '../../learners/pipeline-parallel/nets/index.ts';
import type { Lane } from '../arms/index.ts';
import { evenCuts, glyphBatches } from './nets.ts';
import { busyTimes } from './spans.ts';

/** A net of unequal layers, cut by what they cost and cut in the middle. */
export interface PartitionDone {
  /** Milliseconds of each layer on a micro-batch, forward and backward. */
  readonly costs: readonly number[];
  readonly automatic: Cut;
  readonly even: Cut;
}
interface Cut {
  readonly cuts: readonly number[];
  /** Milliseconds that each stage works on a mini-batch: of every pass, the least of all tries. */
  readonly busy: readonly number[];
}

/** Wide layers first, and as many narrow ones behind them. */
const hidden = [512, 512, 512, 512, 32, 32, 32, 32, 32];
const [rows, micro] = [128, 4];
const [warm, timed] = [2, 12];

/** Times every layer alone, and cuts the net in two by that. */
export async function playPartition(lane: Lane, executor: string): Promise<PartitionDone> {
  const { seed } = lane;
  const net = sequentialClassifierRef({ net: { kind: 'mlp', hidden }, shape: [196] });
  const batch = glyphBatches(seed, rows);
  let done = 0;
  const busyOf = async (cuts: readonly number[]): Promise<Cut> => {
    const pipeline = await openPipeline(onLane(lane, { prefix: `${done} ` }), {
      optimizer: { kind: 'sgd', learningRate: 0.01 },
      recompute: 'never',
      ...{ net, cuts, rows, micro, seed, executor },
    });
    const least = new Map<string, Span>();
    for (let step = 0; step < warm + timed; step++) {
      const { spans } = await pipeline.step(batch(step));
      if (step < warm) continue;
      for (const span of spans) {
        const key = `${span.stage} ${span.phase} ${span.micro}`;
        const before = least.get(key);
        // What others do on the machine only makes it longer.
        if (!before || span.to - span.from < before.to - before.from) least.set(key, span);
      }
    }
    await pipeline.close();
    lane.progress(++done);
    return { cuts, busy: busyTimes([...least.values()], cuts.length + 1) };
  };
  const layers = await measureCosts(onLane(lane), { net, rows: rows / micro, tries: timed, executor });
  const costs = layers.map(({ forward, backward }) => forward + backward);
  return {
    costs,
    automatic: await busyOf(partition(costs, 2)),
    even: await busyOf(evenCuts(costs.length, 2)),
  };
}
