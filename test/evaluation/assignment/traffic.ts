import type { Layer, LayerExperiment, Traffic } from '../../../src/evaluation/assignment/layers.ts';

export const secret = 'robot-lab-secret';
export const all = { from: 0, below: 1000 };
export const experiment = (
  name: string,
  parameter: string,
  value: number,
  buckets = all,
): LayerExperiment => ({
  name,
  buckets,
  arms: [
    { name: 'as-it-was', weight: 1, set: {} },
    { name: 'new', weight: 1, set: { [parameter]: value } },
  ],
});
export const policy: Layer = {
  name: 'policy',
  parameters: ['gain', 'horizon'],
  experiments: [experiment('gain', 'gain', 2)],
};
export const perception: Layer = {
  name: 'perception',
  parameters: ['exposure'],
  experiments: [experiment('exposure', 'exposure', 9)],
};
export const parameters = { gain: 1, horizon: 10, exposure: 3 };
export const units = Array.from({ length: 20_000 }, (_, i) => `trial-${i}`);

/** A tenth of the traffic for experiments on everything at once, the rest in two layers, under a roll-out. */
export const nested: Traffic = {
  parameters,
  launch: [
    {
      name: 'launch',
      parameters: ['horizon'],
      experiments: [experiment('longer', 'horizon', 20, { from: 0, below: 250 })],
    },
  ],
  layers: [
    {
      name: 'domains',
      parameters: Object.keys(parameters),
      domains: [
        {
          name: 'apart',
          buckets: { from: 0, below: 100 },
          reserved: true,
          layers: [
            {
              name: 'everything',
              parameters: Object.keys(parameters),
              experiments: [
                {
                  name: 'all-new',
                  buckets: all,
                  arms: [
                    { name: 'as-it-was', weight: 1, set: {} },
                    { name: 'new', weight: 1, set: { gain: 5, exposure: 5, horizon: 50 } },
                  ],
                },
              ],
            },
          ],
        },
        { name: 'shared', buckets: { from: 100, below: 1000 }, layers: [policy, perception] },
      ],
    },
  ],
};
