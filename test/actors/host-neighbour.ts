import { z } from 'zod';
import { defineActor, port } from '../../src/actors/runtime/define.ts';
import type { MetricRow } from '../../src/core/metric-rows.ts';

/** Takes its thread down, with all that sit there, at the first row it gets: once. */
export const hostNeighbour = defineActor(import.meta.url, {
  name: 'neighbour',
  config: z.object({}),
  inputs: { rows: port<MetricRow>() },
  outputs: {},
  start({ inputs, restored, save, crash }) {
    inputs.rows.subscribe(() => {
      if (restored !== undefined) return;
      save({ died: true });
      crash(new Error('the neighbour broke'));
      // The thread is ended from outside: nobody gets on until then.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  },
});
