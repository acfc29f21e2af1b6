import { parseOrThrow } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { after } from './after.ts';
import { Candidates } from './candidates.ts';
import type { PlanFigures, Planner, PlanningModel } from './contract.ts';
import { type MppiSettings, mppiSettings } from './settings.ts';
import { shiftPlans } from './shift.ts';

/**
 * Model predictive path integral control (Williams et al. 2017, "Information theoretic MPC for model-based reinforcement
 * learning", algorithm 2). Around a plan u of H actions J candidates v = u + ε are drawn, ε ~ N(0, σ² I); with
 * S = −return + γ Σ_t u_tᵀ ε_t / σ² the plan becomes u + Σ_j w_j ε_j, w_j ∝ exp(−(S_j − min S) / λ). Its first action is
 * done, and the rest, one action on, is where the next plan starts, 0 at its end.
 *
 * Candidates are brought within the bounds before the model sees them, and ε is what then remains: a weight counts for
 * what was tried. Without the paper's smoothing of the plan.
 * @throws a usage error for settings out of range, or a model without sound bounds
 */
export function mppi(model: PlanningModel, settings: Omit<MppiSettings, 'kind'>, random: Random): Planner {
  const { candidates, horizon, iterations, temperature, std, controlCost, noise } = parseOrThrow(
    mppiSettings,
    { ...settings, kind: 'mppi' },
    'mppi',
  );
  const drawn = new Candidates(model, candidates, horizon, random);
  const { agents, planSize, actionSize } = drawn;
  const plans = new Float64Array(agents * planSize);
  const spread = new Float64Array(agents * planSize).fill(std);
  const costs = new Float64Array(candidates);
  const weights = new Float64Array(candidates);
  const figures = Array.from({ length: agents }, () => ({ bestReturn: 0, eliteStd: std }));
  /** Whether the plans have been begun. */
  let planned = false;

  function update(agent: number): void {
    const plan = agent * planSize;
    const first = agent * candidates;
    for (let j = 0; j < candidates; j++) {
      let control = 0;
      if (controlCost > 0) {
        for (let k = 0; k < planSize; k++) {
          const u = plans[plan + k];
          control += u * (drawn.unit((first + j) * planSize + k) - u);
        }
      }
      costs[j] = (controlCost * control) / (std * std) - drawn.returns[first + j];
    }
    pathWeights(costs, temperature, weights);
    let deviations = 0;
    for (let k = 0; k < planSize; k++) {
      let mean = 0;
      for (let j = 0; j < candidates; j++) mean += weights[j] * drawn.unit((first + j) * planSize + k);
      let variance = 0;
      for (let j = 0; j < candidates; j++)
        variance += weights[j] * (drawn.unit((first + j) * planSize + k) - mean) ** 2;
      // The weights sum to 1, so u + Σ w ε is the weighted mean of the candidates.
      plans[plan + k] = mean;
      deviations += Math.sqrt(variance);
    }
    figures[agent].bestReturn = drawn.best[agent];
    figures[agent].eliteStd = deviations / planSize;
  }

  function iterate(left: number): Float32Array | Promise<Float32Array> {
    if (left === 0) return drawn.chosen(plans, noise);
    drawn.drawNormal(plans, spread);
    return after(drawn.evaluate(), () => {
      for (let agent = 0; agent < agents; agent++) update(agent);
      return iterate(left - 1);
    });
  }

  return {
    figures: figures as readonly PlanFigures[],
    plan() {
      if (planned) shiftPlans(plans, planSize, actionSize);
      planned = true;
      return iterate(iterations);
    },
    begin(random) {
      plans.fill(0);
      planned = false;
      drawn.begin(random);
    },
    snapshot: () => ({ drawn: drawn.snapshot(), plans: plans.slice(), planned }),
    restore(snapshot) {
      const state = snapshot as { drawn: Snapshot; plans: Float64Array; planned: boolean };
      drawn.restore(state.drawn);
      plans.set(state.plans);
      planned = state.planned;
    },
  };
}

/**
 * Weights of candidates by what they cost: w_j = exp(−(S_j − min S) / λ), over their sum.
 * @param costs S, finite
 * @param out of the same length
 */
export function pathWeights(costs: ArrayLike<number>, temperature: number, out: Float64Array): void {
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j < costs.length; j++) least = Math.min(least, costs[j]);
  let sum = 0;
  for (let j = 0; j < costs.length; j++) {
    out[j] = Math.exp(-(costs[j] - least) / temperature);
    sum += out[j];
  }
  for (let j = 0; j < costs.length; j++) out[j] /= sum;
}
