import { asError } from '../../core/errors.ts';
import { microRows, onLane, openPipeline } from '../../learners/pipeline-parallel/index.ts';
import type { Lane } from '../arms/index.ts';
import { bitsApart, farthest } from './compare.ts';
import { evenCuts, glyphBatches, glyphMlp } from './nets.ts';
import { wholeNet } from './whole-net.ts';

const [depth, width, rows] = [4, 64, 48];

/** Pipelines side by side against the whole net. */
export interface ReplicasDone {
  /** Largest difference of gradients, as a part of the largest, of even and uneven micro-batches. */
  readonly gradient: number;
  readonly params: number;
}

/** Two pipelines of two stages each learn from halves of every mini-batch. */
export async function playReplicas(lane: Lane, executor: string): Promise<ReplicasDone> {
  const { seed } = lane;
  const [net, learningRate] = [glyphMlp(depth, width, 0.1), 0.1];
  const batch = glyphBatches(seed, rows);
  const whole = await lane.spawn(wholeNet, {
    net: { ...net },
    ...{ rows, seed, executor, learningRate, byMicro: false },
  });
  const done = { gradient: 0, params: 0 };
  const uneven = [10, 14, 5, 19];
  for (const [i, micro] of [2, uneven].entries()) {
    const pipeline = await openPipeline(onLane(lane, { prefix: `${i} ` }), {
      net,
      cuts: evenCuts(depth + 1, 2),
      optimizer: { kind: 'sgd', learningRate },
      replicas: 2,
      ...{ rows, micro, seed, executor },
    });
    await whole.call.reset();
    for (let mini = 0; mini < 3; mini++) {
      const each = typeof micro === 'number' ? microRows(rows, 2 * micro) : micro;
      const wanted = await whole.call.step(batch(mini), each, 0);
      await pipeline.step(batch(mini));
      done.gradient = Math.max(done.gradient, farthest(await pipeline.gradients(), wanted.gradient));
      done.params = Math.max(done.params, farthest(await pipeline.parameters(), wanted.params));
    }
    await pipeline.close();
    lane.progress(i + 1);
  }
  return done;
}

/** What came of a gradient that was never sent. */
export interface ControlDone {
  /** Empty: the mini-batch went through as if nothing were missing. */
  readonly error: string;
  /** Parameters that are not what they were before. */
  readonly changed: number;
}

/** Milliseconds that a mini-batch may take. The first one is compiled in it. */
const deadline = 8_000;

/** One Backward of the second mini-batch is dropped. */
export async function playControl(lane: Lane, executor: string): Promise<ControlDone> {
  const { seed } = lane;
  const batch = glyphBatches(seed, rows);
  const pipeline = await openPipeline(onLane(lane), {
    net: glyphMlp(depth, width),
    cuts: evenCuts(depth + 1, 2),
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    micro: 4,
    fault: { kind: 'dropBackward', stage: 1, replica: 0, mini: 1, micro: 2 },
    ...{ rows, seed, executor, deadline },
  });
  await pipeline.step(batch(0));
  const before = await pipeline.parameters();
  lane.progress(1);
  let error = '';
  try {
    await pipeline.step(batch(1));
  } catch (thrown) {
    error = asError(thrown).message;
  }
  const changed = bitsApart(await pipeline.parameters(), before);
  await pipeline.close();
  return { error, changed };
}
