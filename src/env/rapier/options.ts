import { z } from 'zod';
import { engineNames } from './engine.ts';

/** What every Rapier task takes. @param steps the time limit, in control steps */
export const rapierOptions = (steps: number) =>
  z.strictObject({
    engine: z
      .enum(engineNames)
      .default('simd')
      .describe('Rapier build: fast, or the same bits on every machine.'),
    maxEpisodeSteps: z
      .number()
      .int()
      .positive()
      .default(steps)
      .describe('Steps after which an episode is truncated.'),
  });
