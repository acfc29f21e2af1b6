import { z } from 'zod';

const count = z.int().positive();

/** What a run is made of. */
export const parts = [
  'gradients',
  'training',
  'memory',
  'partition',
  'replicas',
  'control',
  'speed',
] as const;

/** Nets whose gradients are compared. */
export const gridNets = ['mlp', 'conv', 'transformer-xl'] as const;
/** One of them. */
export type GridNetName = (typeof gridNets)[number];

/** What `--set` may change. */
export const options = z.strictObject({
  parts: z
    .array(z.enum(parts))
    .min(1)
    .default([...parts])
    .describe('What to play. Bars that are about other parts are then not made.'),
  nets: z
    .array(z.enum(gridNets))
    .min(1)
    .default([...gridNets])
    .describe('Whose gradients are compared with those of the whole net.'),
  depth: count.min(4).default(12).describe('Layers of the residual MLP in front of its logits.'),
  width: count.default(128).describe('Units of each, where gradients are compared and in training.'),
  rows: count.min(12).default(96).describe('Of a mini-batch of the MLP.'),
  stages: z.array(count.max(4)).min(1).default([1, 2, 3, 4]).describe('K, of the MLP.'),
  micro: z.array(count).min(1).default([1, 2, 4, 8, 12]).describe('M, of the MLP.'),
  trainingSteps: count.default(100).describe('Mini-batches of the two pipelines whose losses are compared.'),
  speed: z
    .strictObject({
      depth: count
        .min(4)
        .default(13)
        .describe('Layers of the MLP that is timed. The first costs a third of another: 13 halve evenly.'),
      width: count.default(512).describe('Units of each layer of the MLP that is timed.'),
      rows: count.min(16).default(4096).describe('Of its mini-batches.'),
      rounds: count.default(5).describe('How often each pipeline is timed, by turns.'),
    })
    .prefault({})
    .describe('Of the arms that are timed, and of the memory account.'),
});
/** `options`, parsed. */
export type PipelineScenarioOptions = z.output<typeof options>;
