import { box, defineEnvironment, environment } from '../../../src/env/index.ts';

const copy = () => {
  let time = 0;
  return environment({
    observationSpace: box(1),
    actionSpace: box(1, { low: -1, high: 1 }),
    reset() {
      time = 0;
      return { observation: Float32Array.of(0), info: {} };
    },
    step: () => ({
      observation: Float32Array.of(time),
      reward: ++time,
      terminated: false,
      truncated: false,
      info: {},
    }),
  });
};

/** Nothing to see. */
export const blind = defineEnvironment(import.meta.url, {
  name: 'blind',
  summary: 'An environment without pictures.',
  make: copy,
});

/** Time goes by, and nothing moves. */
export const statue = defineEnvironment(import.meta.url, {
  name: 'statue',
  summary: 'An environment whose picture stays the same.',
  make: () => ({
    ...copy(),
    render: () => ({
      objects: [
        {
          id: 'statue',
          shape: { kind: 'sphere', radius: 0.3 },
          position: [0.1, 0.2, 0],
          rotation: [0, 0, 0, 1],
          color: '#333333',
        },
      ],
      camera: { target: [0, 0, 0], distance: 2, side: 'side' },
    }),
  }),
});
