import { z } from 'zod';

/** A layer: the parameters that its arms set. A parameter belongs to exactly one layer. */
export const layerPlan = z.object({
  name: z.string().min(1),
  arms: z
    .array(
      z.object({
        name: z.string().min(1),
        weight: z.number().positive(),
        parameters: z.record(z.string(), z.number()).describe('What the arm sets.'),
      }),
    )
    .min(2),
});
/** A layer and its arms, the baseline first. */
export type LayerPlan = z.output<typeof layerPlan>;
