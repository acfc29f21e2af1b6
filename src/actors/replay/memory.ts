import { bytesPerElement, sizeOf } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import type { SlabFields } from '../contract.ts';
import type { ReplayConfig } from './config.ts';
import { transitionFields } from './fields.ts';
import { recordBytes } from './records.ts';
import { rowsOfStore } from './store.ts';
import { SumTree } from './sum-tree.ts';

/** Bytes of memory that a store takes, by what takes them. */
export type MemoryParts = Readonly<Record<string, number>>;

type Settings = Pick<
  ReplayConfig,
  'policy' | 'workers' | 'count' | 'steps' | 'capacity' | 'observations' | 'prioritized' | 'spill'
>;

/** What a replay with these settings will take, whatever comes in: all of it is allocated at its start. */
export function replayMemory(config: Settings): MemoryParts {
  const { policy, workers, count, steps, capacity, observations: type, prioritized, spill } = config;
  const streams = workers * count;
  const rows = rowsOfStore({ streams, capacity });
  const size = flatSize(policy.spaces.observation);
  return {
    observations: recordBytes({ rows: spill === null ? rows : 1, size, type }) + 4 * streams * size,
    actions: 4 * rows * actionSize(policy.spaces.action),
    // And the marks of episodes' ends.
    rewards: 5 * rows,
    // Of the round that is coming in, a slab a worker.
    stretches: workers * slabBytes(transitionFields({ spaces: policy.spaces, steps, count })),
    ...(prioritized && { priorities: SumTree.bytes(rows) }),
  };
}

const slabBytes = (fields: SlabFields): number =>
  Object.values(fields).reduce((sum, { dtype, shape }) => sum + sizeOf(shape) * bytesPerElement(dtype), 0);

/** All of them. */
export const totalOf = (parts: MemoryParts): number =>
  Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);

interface Bounded {
  readonly capacity: number;
  readonly memoryLimit: number;
  readonly spill: string | null;
}

/**
 * Holds what a store would take against its limit.
 * @param partsOf what it takes with a capacity
 * @throws a usage error where that is more than `memoryLimit`, with what takes it and what to set
 */
export function checkMemory(
  { capacity, memoryLimit, spill }: Bounded,
  partsOf: (capacity: number) => MemoryParts,
): void {
  const parts = partsOf(capacity);
  const total = totalOf(parts);
  if (total <= memoryLimit) return;
  const shares = Object.entries(parts).map(([name, bytes]) => `${name} ${bytes.toLocaleString('en')}`);
  let [fits, tooMuch] = [0, capacity];
  while (tooMuch - fits > 1) {
    const between = Math.floor((fits + tooMuch) / 2);
    if (totalOf(partsOf(between)) <= memoryLimit) fits = between;
    else tooMuch = between;
  }
  const advice = [
    ...(fits > 0 ? [`capacity to at most ${fits}`] : []),
    `memoryLimit to ${total}`,
    ...(spill === null ? ['spill to a folder for observations'] : []),
  ];
  throw usageError(
    `replay: capacity = ${capacity}: takes ${total.toLocaleString('en')} bytes (${shares.join(', ')}), expected at most memoryLimit = ${memoryLimit.toLocaleString('en')}; set ${advice.join(', or ')}`,
  );
}
