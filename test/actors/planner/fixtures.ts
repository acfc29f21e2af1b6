import type { PlanningModel } from '../../../src/actors/planner/index.ts';

/** How candidates are read: `mixed` as if they lay copy after copy, not agent after agent (a bug of the released PlaNet). */
type Order = 'agent by agent' | 'mixed';

/** Each agent's return is −Σ |a − target|² of its own target. */
export function bowls(
  targets: readonly number[],
  { size = 3, low = -1, high = 1, order = 'agent by agent' as Order, later = false } = {},
): PlanningModel {
  const agents = targets.length;
  const evaluate: PlanningModel['evaluate'] = (actions, candidates, horizon, out) => {
    const length = horizon * size;
    for (let row = 0; row < agents * candidates; row++) {
      const agent = order === 'mixed' ? row % agents : Math.floor(row / candidates);
      let total = 0;
      for (let k = row * length; k < (row + 1) * length; k++) total -= (actions[k] - targets[agent]) ** 2;
      out[row] = total;
    }
  };
  return {
    actionSize: size,
    low: new Float32Array(size).fill(low),
    high: new Float32Array(size).fill(high),
    agents,
    evaluate: later
      ? (...given) => Promise.resolve().then(() => evaluate(...given))
      : (...given) => evaluate(...given),
  };
}
