import { boundsOf, type Space } from '../env/spaces.ts';

/**
 * Actions as an environment takes them: choices as they are, real numbers brought within the bounds of the space.
 * @returns a function from `count` rows of actions to rows that the next call overwrites
 */
export function boundedActions(space: Space, count: number) {
  if (space.kind !== 'box') return (actions: ArrayLike<number>) => actions as Int32Array;
  const { low, high } = boundsOf(space);
  const bounded = new Float32Array(count * low.length);
  return (actions: ArrayLike<number>) => {
    for (let i = 0; i < bounded.length; i++) {
      const k = i % low.length;
      bounded[i] = Math.min(high[k], Math.max(low[k], actions[i]));
    }
    return bounded;
  };
}
