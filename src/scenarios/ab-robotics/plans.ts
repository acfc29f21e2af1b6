import type { LayerPlan } from '../../evaluation/actors/index.ts';
import type { Design } from '../../evaluation/contract.ts';

/** The controller in use. */
const inUse = { squeeze: 1.25 } as const;

/**
 * Two names for one controller: nothing differs, so whatever is found between them, or between weeks, is not theirs.
 */
export const nothingChanged: LayerPlan = {
  name: 'policy',
  arms: [
    { name: 'baseline', weight: 1, parameters: { ...inUse, lift: 0.07 } },
    { name: 'copy', weight: 1, parameters: { ...inUse, lift: 0.07 } },
  ],
};

/** √k: what the baseline's share is to an arm's where k arms share it. */
const shared = Math.sqrt(3);

/**
 * The baseline, a copy of it, and two that grip harder and less hard. Measured in the world as it was set up, over 12,000
 * trials each with the same chances (test/scenarios/ab-robotics/cell.full.test.ts): `truths`.
 */
export const controllers: LayerPlan = {
  name: 'policy',
  arms: [
    { name: 'baseline', weight: shared, parameters: inUse },
    { name: 'copy', weight: 1, parameters: inUse },
    { name: 'better', weight: 1, parameters: { squeeze: 1.4 } },
    { name: 'worse', weight: 1, parameters: { squeeze: 1.155 } },
  ],
};
/** Relative effect of the controllers where nothing drifts. */
export const truths: Readonly<Record<string, number>> = { copy: 0, better: 0.05, worse: -0.05 };

/** A second layer over the same trials: how high the cube is lifted. */
export const lifts: LayerPlan = {
  name: 'gripper',
  arms: [
    { name: 'lift-7cm', weight: 1, parameters: { lift: 0.07 } },
    { name: 'lift-8cm', weight: 1, parameters: { lift: 0.08 } },
  ],
};

/** What is measured beside success: where the cube came to lie, and, as a control that no arm can move, where it lay. */
const secondary = [
  { name: 'distance', kind: 'number', better: 'lower' },
  { name: 'start along', kind: 'number', better: 'lower' },
  { name: 'start across', kind: 'number', better: 'lower' },
] as const;

/** A layer's experiment, as its log begins with it. */
export function designOf(name: string, hypothesis: string, layer: LayerPlan, trials: number): Design {
  return {
    name,
    hypothesis,
    arms: layer.arms.map(arm => ({ name: arm.name, weight: arm.weight })),
    unit: 'trial',
    metric: { name: 'success', kind: 'binary', better: 'higher' },
    secondary,
    strata: ['operator', 'robot'],
    stopping: { rule: 'fixed', units: trials },
    level: 0.95,
    worthFinding: 0.05,
  };
}
