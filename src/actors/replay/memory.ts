import { usageError } from '../../core/errors.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import type { ReplayConfig } from './config.ts';
import { rowsOfStore } from './store.ts';
import { SumTree } from './sum-tree.ts';

/** Bytes of memory that a replay's store takes, by what takes them. */
export interface ReplayMemory {
  readonly observations: number;
  readonly actions: number;
  /** And the marks of episodes' ends. */
  readonly rewards: number;
  readonly priorities: number;
  readonly total: number;
}

type Settings = Pick<
  ReplayConfig,
  'policy' | 'workers' | 'count' | 'capacity' | 'memoryLimit' | 'prioritized' | 'spill'
>;

/** What a replay with these settings will take, whatever comes in: all of it is allocated at its start. */
export function replayMemory(config: Settings): ReplayMemory {
  const { policy, workers, count, capacity, prioritized, spill } = config;
  const streams = workers * count;
  const rows = rowsOfStore({ streams, capacity });
  const observation = 4 * flatSize(policy.spaces.observation);
  const observations = (spill === null ? rows * observation : observation) + streams * observation;
  const actions = 4 * rows * actionSize(policy.spaces.action);
  const rewards = 5 * rows;
  const priorities = prioritized ? SumTree.bytes(rows) : 0;
  return { observations, actions, rewards, priorities, total: observations + actions + rewards + priorities };
}

/** @throws a usage error where the store takes more than `memoryLimit` */
export function checkReplayMemory(config: Settings): void {
  const { capacity, memoryLimit, spill } = config;
  const { total, ...parts } = replayMemory(config);
  if (total <= memoryLimit) return;
  const shares = Object.entries(parts)
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => `${name} ${bytes.toLocaleString('en')}`)
    .join(', ');
  const fits = largestThatFits(config);
  const advice = [
    ...(fits > 0 ? [`capacity to at most ${fits}`] : []),
    `memoryLimit to ${total}`,
    ...(spill === null ? ['spill to a folder for observations'] : []),
  ];
  throw usageError(
    `replay: capacity = ${capacity}: takes ${total.toLocaleString('en')} bytes (${shares}), expected at most memoryLimit = ${memoryLimit.toLocaleString('en')}; set ${advice.join(', or ')}`,
  );
}

/** The largest capacity within the limit, 0 where not even the smallest is. */
function largestThatFits(config: Settings): number {
  let [fits, tooMuch] = [0, config.capacity];
  while (tooMuch - fits > 1) {
    const capacity = Math.floor((fits + tooMuch) / 2);
    if (replayMemory({ ...config, capacity }).total <= config.memoryLimit) fits = capacity;
    else tooMuch = capacity;
  }
  return fits;
}
