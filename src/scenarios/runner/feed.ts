import { z } from 'zod';
import { defineActor, port } from '../../actors/runtime/define.ts';
import type { MetricRow } from '../../core/metric-rows.ts';

/** Lives on the main thread and gives what the runner is told there a way into the recorder. */
export const feed = defineActor(import.meta.url, {
  name: 'feed',
  config: z.object({}),
  inputs: {},
  outputs: { rows: port<MetricRow>() },
  start({ outputs }) {
    let sent = Promise.resolve();
    return {
      /** Resolves when the row is on its way; rows keep their order. */
      send(row: MetricRow): Promise<void> {
        sent = sent.then(async () => {
          await outputs.rows.ready();
          outputs.rows.next(row);
        });
        return sent;
      },
    };
  },
});
