import { parseOrThrow } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { after } from './after.ts';
import { Candidates } from './candidates.ts';
import type { PlanFigures, Planner, PlanningModel } from './contract.ts';
import { type CemSettings, cemSettings } from './settings.ts';
import { shiftPlans } from './shift.ts';

/** Added to the variance of the elites, so that a belief never closes (google-research/planet, `cross_entropy_method`). */
const least = 1e-6;

/**
 * The cross-entropy method (Rubinstein 1997), as PlaNet plans with it (Hafner et al. 2019, algorithm 2): a belief N(0, I)
 * over sequences of H actions, each time anew; I times J candidates are drawn from it and brought within the bounds, the
 * model says their returns, and mean and std are refitted to the K best, std² = variance + 1e-6. What is done is the mean
 * of the first action. The paper's typeset std divides by K − 1; this is its code's.
 * @throws a usage error for settings out of range, or a model without sound bounds
 */
export function cem(model: PlanningModel, settings: Omit<CemSettings, 'kind'>, random: Random): Planner {
  const { candidates, horizon, iterations, elites, warmStart, noise } = parseOrThrow(
    cemSettings,
    { ...settings, kind: 'cem' },
    'cem',
  );
  const drawn = new Candidates(model, candidates, horizon, random);
  const { agents, planSize, actionSize } = drawn;
  const mean = new Float64Array(agents * planSize);
  const std = new Float64Array(agents * planSize);
  const best = new Int32Array(elites);
  const figures = Array.from({ length: agents }, () => ({ bestReturn: 0, eliteStd: 1 }));
  /** Whether the mean holds a plan. */
  let planned = false;

  function refit(agent: number): void {
    topOf(drawn.returns, agent * candidates, candidates, best);
    let spread = 0;
    for (let k = 0; k < planSize; k++) {
      let sum = 0;
      for (let e = 0; e < elites; e++) sum += drawn.unit(best[e] * planSize + k);
      const middle = sum / elites;
      let squares = 0;
      for (let e = 0; e < elites; e++) squares += (drawn.unit(best[e] * planSize + k) - middle) ** 2;
      const at = agent * planSize + k;
      mean[at] = middle;
      std[at] = Math.sqrt(squares / elites + least);
      spread += std[at];
    }
    figures[agent].bestReturn = drawn.best[agent];
    figures[agent].eliteStd = spread / planSize;
  }

  function iterate(left: number): Float32Array | Promise<Float32Array> {
    if (left === 0) return drawn.chosen(mean, noise);
    drawn.drawNormal(mean, std);
    return after(drawn.evaluate(), () => {
      for (let agent = 0; agent < agents; agent++) refit(agent);
      return iterate(left - 1);
    });
  }

  return {
    figures: figures as readonly PlanFigures[],
    plan() {
      if (warmStart && planned) shiftPlans(mean, planSize, actionSize);
      else mean.fill(0);
      std.fill(1);
      planned = true;
      return iterate(iterations);
    },
    begin(random) {
      planned = false;
      drawn.begin(random);
    },
    snapshot: () => ({ drawn: drawn.snapshot(), mean: mean.slice(), planned }),
    restore(snapshot) {
      const state = snapshot as { drawn: Snapshot; mean: Float64Array; planned: boolean };
      drawn.restore(state.drawn);
      mean.set(state.mean);
      planned = state.planned;
    },
  };
}

/** The places of the greatest of some values, best first; of equal ones, the first. */
function topOf(values: Float32Array, from: number, count: number, out: Int32Array): void {
  let held = 0;
  for (let i = from; i < from + count; i++) {
    if (held === out.length && values[i] <= values[out[held - 1]]) continue;
    let at = held < out.length ? held++ : held - 1;
    while (at > 0 && values[i] > values[out[at - 1]]) {
      out[at] = out[at - 1];
      at--;
    }
    out[at] = i;
  }
}
