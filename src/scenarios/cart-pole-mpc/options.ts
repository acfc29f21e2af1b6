import { z } from 'zod';
import { engineNames } from '../../env/rapier/engine.ts';

const whole = (value: number) => z.number().int().positive().default(value);

/** What `--set` may change of cart-pole-mpc. */
export const options = z
  .strictObject({
    candidates: whole(100).describe('J: sequences that CEM imagines in an iteration.'),
    horizon: whole(12).describe('H: decisions that a sequence looks ahead.'),
    iterations: whole(4).describe(
      'I: iterations of CEM. MPPI and random shooting have all I × J sequences in one.',
    ),
    elites: whole(10).describe('K: sequences that CEM refits to.'),
    temperature: z.number().positive().default(0.1).describe('λ of MPPI.'),
    repeat: whole(2).describe(
      'Control steps of 0.04 s that a decision holds. With 2, a horizon of 12 is one second.',
    ),
    episodes: whole(2).describe('Episodes of each arm, played at once.'),
    controlEpisodes: whole(10).describe('The same of the controls, which cost little and scatter more.'),
    steps: whole(250).describe('Control steps of an episode.'),
    sweepCandidates: z
      .array(z.number().int().positive())
      .default([10, 25, 50])
      .describe('Other numbers of candidates, for CEM.'),
    sweepHorizons: z
      .array(z.number().int().positive())
      .default([4, 8, 16])
      .describe('Other horizons, for CEM.'),
    engine: z
      .enum(engineNames)
      .default('simd')
      .describe('Rapier build: fast, or the same bits on every machine.'),
  })
  .refine(({ elites, candidates }) => elites <= candidates, {
    path: ['elites'],
    message: 'expected at most as many as candidates',
  });

export type MpcOptions = z.output<typeof options>;
