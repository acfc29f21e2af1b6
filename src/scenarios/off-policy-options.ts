import { z } from 'zod';
import { randomActions, replayConfig } from '../actors/replay/config.ts';

const positive = z.number().int().positive();

const { capacity, memoryLimit, startAfter, updatesPerStep, nStep, gamma, prioritized, observations, spill } =
  replayConfig.shape;

/** How experience is collected. */
export const exploreOptions = z
  .strictObject({
    workers: positive
      .default(1)
      .describe(
        'Explorers, each a thread. Part of what decides a run’s bits, and so no matter of --threads.',
      ),
    environments: positive.default(1).describe('Environment copies, shared out evenly among the explorers.'),
    horizon: positive
      .default(16)
      .describe('Steps of every copy between two policies; learning waits for them, and they for it.'),
    random: randomActions
      .prefault({})
      .describe('How many actions are drawn at random, by the steps of all copies together.'),
  })
  .superRefine(({ workers, environments }, { addIssue }) => {
    if (environments % workers === 0) return;
    const message = `expected a divisor of environments = ${environments}`;
    addIssue({ code: 'custom', path: ['workers'], message });
  });

/** What a replay holds of it, and deals out. */
export const replayOptions = z.strictObject({
  capacity,
  memoryLimit,
  startAfter,
  updatesPerStep,
  batch: positive.default(256).describe('Rows of a batch, which one gradient step learns from.'),
  updates: positive.default(32).describe('Batches of a helping, at most: how much is sent at once.'),
  nStep,
  gamma: gamma.describe('Discount a step.'),
  prioritized,
  observations,
  spill: spill.describe(
    'A folder on disk for observations, which then take no memory; within the run’s own if relative. null: memory.',
  ),
});

/**
 * The options of a scenario that learns from a replay: how long, how often to look and to save, how it explores, and what
 * its replay holds.
 * @param defaults what this task is best taught with
 * @param method its method's own settings, under their name
 */
export const offPolicyOptions = <M extends z.core.$ZodLooseShape>(
  defaults: {
    readonly steps: number;
    readonly reportEvery?: number;
    readonly explore?: z.input<typeof exploreOptions>;
    readonly replay?: z.input<typeof replayOptions>;
  },
  method: M,
) =>
  z.object({
    steps: positive.default(defaults.steps).describe('Environment steps to learn from.'),
    evaluateEvery: positive
      .exactOptional()
      .describe('Environment steps between evaluations; a twentieth of the run if not given.'),
    checkpointEvery: positive
      .exactOptional()
      .describe('Environment steps between checkpoints; a twentieth of the run if not given.'),
    reportEvery: positive
      .default(defaults.reportEvery ?? 1_000)
      .describe('Environment steps between rows of figures; rounded up to whole rounds.'),
    stopAt: z
      .number()
      .exactOptional()
      .describe(
        'End at the first evaluation along the way with this mean return; to the last step if not given.',
      ),
    explore: exploreOptions.prefault(defaults.explore ?? {}),
    replay: replayOptions.prefault(defaults.replay ?? {}),
    ...method,
  });
