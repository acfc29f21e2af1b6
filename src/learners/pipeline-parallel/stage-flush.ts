import { sizeOf } from '../../core/arrays.ts';
import { TroupeError } from '../../core/errors.ts';
import type { HostTensor } from '../../tensors/index.ts';
import type { CarriedRows } from './carried.ts';
import type { PlantedFault, StageConfig } from './config.ts';
import type { SequentialLayer, Span } from './contract.ts';
import type { GatheredStatistics } from './gathered.ts';
import type { Inbox } from './inbox.ts';
import type { Flush } from './messages.ts';
import { layerNoise } from './noise.ts';
import type { Held, MicroInputs, StagePrograms } from './stage-programs.ts';

/** What a stage works with. */
export interface StageParts {
  readonly config: StageConfig;
  readonly layers: readonly SequentialLayer[];
  readonly programs: StagePrograms;
  readonly statistics: GatheredStatistics;
  readonly carried: CarriedRows;
  readonly forwards: Inbox<Float32Array | Int32Array>;
  readonly backwards: Inbox<Float32Array>;
  readonly targets: Inbox<Int32Array>;
  /** Sends to a neighbour, when it has room. */
  sendForward(head: readonly number[], y: Float32Array): Promise<void>;
  sendBackward(head: readonly number[], slope: Float32Array): Promise<void>;
  /** Lets messages in, and says that the stage is alive. */
  turn(): Promise<void>;
  /** A planted fault of this stage, in its first life. */
  fault(kind: PlantedFault['kind'], mini: number, micro: number): boolean;
  /** @throws where the flush is not the one under way any more */
  check(flush: number): void;
}

/** What came of a flush on one stage. */
export interface PlayedFlush {
  readonly spans: readonly Span[];
  readonly loss: number;
  readonly peakBytes: number;
  readonly sentBytes: number;
}

/**
 * A mini-batch on one stage, up to the update: all micro-batches forward as they come in, then backward from the last to the first. Where
 * activations were thrown away they are computed again, which may begin before the gradient is there; never of two micro-batches at once.
 * Gradients are added up in the order of the backward pass, always the same.
 */
export async function playFlush(parts: StageParts, order: Flush): Promise<PlayedFlush> {
  const { config, programs, statistics, carried } = parts;
  const { recompute, stage, stages } = config;
  const { flush, mini, rows } = order;
  const last = stage === stages - 1;
  const micro = rows.length;
  const starts = rows.map((_, i) => rows.slice(0, i).reduce((sum, n) => sum + n, 0));
  const own = rows.reduce((sum, n) => sum + n, 0);
  const stash: (Float32Array | Int32Array)[] = [];
  const targets: Int32Array[] = [];
  const held: (Held | undefined)[] = [];
  const spans: Span[] = [];
  const width = 4 * sizeOf(config.input.shape);
  let loss = 0;
  let liveBytes = 0;
  let peakBytes = 0;
  let sentBytes = 0;

  const inputsOf = (i: number): MicroInputs => ({
    x: tensor(stash[i], rows[i], config.input.shape),
    noise: noiseOf(parts, order.firstMicro + i, rows[i]),
    carried: carried.of(starts[i], rows[i], order.reset),
    ...(last && { targets: tensor(targets[i], rows[i], config.targets) }),
  });
  const grow = (bytes: number): void => {
    liveBytes += bytes;
    peakBytes = Math.max(peakBytes, liveBytes);
  };
  const spanned = async <T>(phase: Span['phase'], i: number, work: () => Promise<T>): Promise<T> => {
    const from = now();
    const result = await work();
    spans.push({ stage, mini, micro: i, phase, from, to: now(), liveBytes });
    parts.check(flush);
    return result;
  };
  const compute = async (i: number): Promise<Held> => {
    const holding = await programs.forward(inputsOf(i));
    grow(holding.bytes);
    return holding;
  };
  const weightOf = (i: number): number =>
    config.fault?.kind === 'meanOfMeans' ? 1 / (micro * config.replicas * rows[i]) : 1 / order.total;
  const drop = (i: number): void => {
    const holding = held[i];
    if (!holding) return;
    holding.kept.dispose();
    held[i] = undefined;
    liveBytes -= holding.bytes;
  };

  try {
    for (let i = 0; i < micro; i++) {
      await parts.turn();
      stash[i] = await parts.forwards.take(flush, i);
      if (last) targets[i] = await parts.targets.take(flush, i);
      parts.check(flush);
      grow(width * rows[i]);
      const { outputs } = await spanned('F', i, async () => {
        held[i] = await compute(i);
        const { outputs } = held[i] as Held;
        if (recompute === 'always' || (recompute === 'exceptLast' && i < micro - 1)) drop(i);
        return { outputs };
      });
      statistics.add(rows[i], outputs.sums);
      carried.put(starts[i], own, outputs.carried);
      if (last) {
        for (const value of outputs.y.data) loss += weightOf(i) * value;
      } else {
        const y = outputs.y.data as Float32Array;
        await parts.sendForward([flush, mini, i, rows[i]], y);
        sentBytes += y.byteLength;
      }
    }
    for (let i = micro - 1; i >= 0; i--) {
      await parts.turn();
      if (!held[i]) {
        const { outputs } = await spanned('R', i, async () => {
          held[i] = await compute(i);
          return held[i] as Held;
        });
        if (config.fault?.kind === 'statisticsTwice') statistics.add(rows[i], outputs.sums);
        await parts.turn();
      }
      const buffer = last ? undefined : await parts.backwards.take(flush, i);
      parts.check(flush);
      perhapsFail(parts, mini, i);
      const slope = buffer
        ? tensor(buffer, rows[i], config.output)
        : { shape: [rows[i]], data: new Float32Array(rows[i]).fill(weightOf(i)) };
      const dx = await spanned('B', i, async () => {
        const made = await programs.backward(held[i] as Held, slope);
        drop(i);
        liveBytes -= width * rows[i];
        return made;
      });
      if (buffer) parts.backwards.give(buffer);
      if (stage > 0 && dx && !parts.fault('dropBackward', mini, i)) {
        const data = dx.data as Float32Array;
        await parts.sendBackward([flush, mini, i, rows[i]], data);
        sentBytes += data.byteLength;
      }
    }
  } finally {
    for (let i = 0; i < micro; i++) {
      drop(i);
      if (stash[i]) parts.forwards.give(stash[i]);
      if (targets[i]) parts.targets.give(targets[i]);
    }
  }
  return { spans, loss, peakBytes, sentBytes };
}

/** The same clock for all threads. */
const now = (): number => performance.timeOrigin + performance.now();

const tensor = (buffer: Float32Array | Int32Array, rows: number, shape: readonly number[]): HostTensor => ({
  shape: [rows, ...shape],
  data: buffer.subarray(0, rows * sizeOf(shape)),
});

function noiseOf({ layers, config }: StageParts, microOfRun: number, rows: number) {
  return Object.fromEntries(
    layers.flatMap(({ name, noise }) => {
      if (!noise) return [];
      const shape = [rows, ...noise];
      return [
        [name, { shape, data: layerNoise(config.seed, microOfRun, name, new Float32Array(sizeOf(shape))) }],
      ];
    }),
  ) as Readonly<Record<string, HostTensor>>;
}

function perhapsFail(parts: StageParts, mini: number, micro: number): void {
  if (parts.fault('throw', mini, micro)) {
    throw new TroupeError(`stage ${parts.config.stage}: planted failure in micro-batch ${micro}`);
  }
  if (parts.fault('exit', mini, micro)) process.exit(1);
  // Nobody will ever wake it.
  if (parts.fault('hang', mini, micro)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
