import { z } from 'zod';

const whole = (value: number) => z.number().int().positive().default(value);

const common = {
  candidates: whole(1000).describe(
    'J: action sequences that are imagined at once. PlaNet (Hafner et al. 2019): 1000.',
  ),
  horizon: whole(12).describe('H: actions that a sequence looks ahead. PlaNet: 12.'),
  noise: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Standard deviation of what is added to the action, in units in which bounds are ±1. PlaNet: 0.3 to collect, 0 to test.',
    ),
};

/** What the cross-entropy method takes. */
export const cemSettings = z
  .strictObject({
    kind: z.literal('cem'),
    ...common,
    iterations: whole(10).describe('I: how often the belief is refitted. PlaNet: 10.'),
    elites: whole(100).describe('K: the best candidates, to which it is refitted. PlaNet: 100.'),
    warmStart: z
      .boolean()
      .default(false)
      .describe(
        'Whether the belief starts at the last plan, one action on, instead of at 0. PlaNet: it does not.',
      ),
  })
  .refine(({ elites, candidates }) => elites <= candidates, {
    path: ['elites'],
    message: 'expected at most as many as candidates',
  });

/** What model predictive path integral control takes. */
export const mppiSettings = z.strictObject({
  kind: z.literal('mppi'),
  ...common,
  iterations: whole(1).describe('How often the plan is updated for one action. Williams et al. 2017: 1.'),
  temperature: z
    .number()
    .positive()
    .default(0.1)
    .describe('λ: how far below the best a return still counts, in units of the return.'),
  std: z
    .number()
    .positive()
    .default(1)
    .describe('σ: standard deviation of what is added to the plan, in units in which bounds are ±1.'),
  controlCost: z
    .number()
    .min(0)
    .default(0)
    .describe('γ: what the term γ Σ uᵀ Σ⁻¹ ε costs a candidate. Williams et al. 2017: up to λ.'),
});

/** What random shooting takes. */
export const shootingSettings = z.strictObject({
  kind: z.literal('random-shooting'),
  ...common,
  draw: z
    .enum(['normal', 'uniform'])
    .default('normal')
    .describe('What candidates are drawn from: N(0, I) cut at the bounds, or evenly between them.'),
});

/** A planner and its settings. */
export const plannerSettings = z.discriminatedUnion('kind', [cemSettings, mppiSettings, shootingSettings]);

/** What `cem` takes; what is left out has its default. */
export type CemSettings = z.input<typeof cemSettings>;
/** What `mppi` takes; what is left out has its default. */
export type MppiSettings = z.input<typeof mppiSettings>;
/** What `randomShooting` takes; what is left out has its default. */
export type ShootingSettings = z.input<typeof shootingSettings>;
/** What `makePlanner` takes: the planner's `kind` and its settings. */
export type PlannerSettings = z.input<typeof plannerSettings>;
