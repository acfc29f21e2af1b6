import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import type { Need } from '../../data/contract.ts';
import { consistencyConfig } from './config.ts';
import type { Anneal } from './messages.ts';
import { consistencyRate, tsaThreshold } from './schedules.ts';

/** What the scheduler is spawned with. */
export const schedulerConfig = z.object({
  settings: consistencyConfig,
  steps: z.number().int().positive().describe('T'),
  classes: z.number().int().min(2).describe('K'),
});

/** All schedules of one step. @param index t, from 0 to T */
export function annealAt(index: number, config: z.output<typeof schedulerConfig>): Anneal {
  const { settings, steps, classes } = config;
  const progress = Math.min(1, index / steps);
  return {
    index,
    learningRate: consistencyRate(settings.learningRate, progress),
    eta: tsaThreshold(settings.tsa, progress, classes),
    tau: settings.tau ?? 1,
    beta: settings.beta ?? 0,
    lambda: settings.lambda,
  };
}

/** Says, step by step, how fast to learn, which labelled examples to leave out, and what targets count for. */
export const scheduler = defineActor(import.meta.url, {
  name: 'scheduler',
  config: schedulerConfig,
  inputs: { needs: port<Need>() },
  outputs: { anneals: port<Anneal>() },
  start({ config, inputs, outputs }) {
    let sent = 0;
    inputs.needs.subscribe(({ batches }) => {
      for (let i = 0; i < batches; i++) outputs.anneals.next(annealAt(sent++, config));
    });
  },
});
