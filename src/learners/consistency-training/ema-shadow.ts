import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import type { Shadow } from '../classifier/index.ts';
import type { Parameters } from './messages.ts';

/** What the shadow is spawned with. */
export const emaShadowConfig = z.object({
  decay: z.number().min(0).max(1).describe('Of the moving average.'),
  every: z.number().int().positive().describe('Steps between two that are judged.'),
  steps: z.number().int().positive().describe('Of the run: the last one is judged, too.'),
});

/** average ← decay · average + (1 − decay) · values, in place. */
export function averageInto(average: Float32Array, values: Float32Array, decay: number): void {
  for (let i = 0; i < average.length; i++) average[i] += (1 - decay) * (values[i] - average[i]);
}

/** Keeps the moving average of the student's parameters (Polyak & Juditsky, 1992), which is what is judged. */
export const emaShadow = defineActor(import.meta.url, {
  name: 'shadow',
  config: emaShadowConfig,
  inputs: { parameters: port<Parameters>() },
  outputs: { shadows: port<Shadow>() },
  start({ config, inputs, outputs }) {
    const { decay, every, steps } = config;
    let average: Float32Array | undefined;
    inputs.parameters.subscribe(({ index, values }) => {
      if (average) averageInto(average, values, decay);
      else average = values.slice();
      if (index > 0 && (index % every === 0 || index === steps)) {
        outputs.shadows.next({ step: index, params: average.slice() });
      }
    });
  },
});
