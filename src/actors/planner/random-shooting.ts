import { parseOrThrow } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { after } from './after.ts';
import { Candidates } from './candidates.ts';
import type { PlanFigures, Planner, PlanningModel } from './contract.ts';
import { type ShootingSettings, shootingSettings } from './settings.ts';

/**
 * Random shooting: of J candidates that are drawn once, the best one's first action is done. With N(0, I) it is the
 * cross-entropy method of one iteration and one elite.
 * @throws a usage error for settings out of range, or a model without sound bounds
 */
export function randomShooting(
  model: PlanningModel,
  settings: Omit<ShootingSettings, 'kind'>,
  random: Random,
): Planner {
  const { candidates, horizon, draw, noise } = parseOrThrow(
    shootingSettings,
    { ...settings, kind: 'random-shooting' },
    'random shooting',
  );
  const drawn = new Candidates(model, candidates, horizon, random);
  const { agents, planSize } = drawn;
  const around = new Float64Array(agents * planSize);
  const spread = new Float64Array(agents * planSize).fill(1);
  const plans = new Float64Array(agents * planSize);
  const figures = Array.from({ length: agents }, () => ({ bestReturn: 0, eliteStd: 0 }));

  function choose(agent: number): void {
    let best = agent * candidates;
    for (let i = best + 1; i < (agent + 1) * candidates; i++) {
      if (drawn.returns[i] > drawn.returns[best]) best = i;
    }
    for (let k = 0; k < planSize; k++) plans[agent * planSize + k] = drawn.unit(best * planSize + k);
    figures[agent].bestReturn = drawn.best[agent];
  }

  return {
    figures: figures as readonly PlanFigures[],
    plan() {
      if (draw === 'uniform') drawn.drawUniform();
      else drawn.drawNormal(around, spread);
      return after(drawn.evaluate(), () => {
        for (let agent = 0; agent < agents; agent++) choose(agent);
        return drawn.chosen(plans, noise);
      });
    },
    begin: random => drawn.begin(random),
    snapshot: () => drawn.snapshot(),
    restore: snapshot => drawn.restore(snapshot),
  };
}
