import { parseOrThrow } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { cem } from './cem.ts';
import type { Planner, PlanningModel } from './contract.ts';
import { mppi } from './mppi.ts';
import { randomShooting } from './random-shooting.ts';
import { type PlannerSettings, plannerSettings } from './settings.ts';

/** A planner over a model, by its settings. @throws a usage error that names the setting that is out of range */
export function makePlanner(model: PlanningModel, settings: PlannerSettings, random: Random): Planner {
  const { kind, ...rest } = parseOrThrow(plannerSettings, settings, 'planner');
  switch (kind) {
    case 'cem':
      return cem(model, rest, random);
    case 'mppi':
      return mppi(model, rest, random);
    case 'random-shooting':
      return randomShooting(model, rest, random);
  }
}
