import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import type { AssignReveal, JoinedTrials, TrialRows } from './messages.ts';

/** How an arm stands, as far as it is counted while trials come in. */
export interface ArmCount {
  readonly layer: string;
  readonly arm: string;
  readonly assigned: number;
  readonly analysed: number;
  readonly successes: number;
}

/** The only one that joins outcomes with arms, batch by batch, when both are there. It knows nothing of the world. */
export const analyst = defineActor(import.meta.url, {
  name: 'analyst',
  config: z.object({}),
  inputs: { rows: port<TrialRows>(), reveals: port<AssignReveal>() },
  outputs: { joined: port<JoinedTrials>() },
  start({ inputs, outputs }) {
    const rows = new Map<number, TrialRows>();
    const reveals = new Map<number, AssignReveal>();
    const counts = new Map<string, { assigned: number; analysed: number; successes: number }>();
    let next = 0;

    function goOn(): void {
      for (;;) {
        const done = rows.get(next)?.rows;
        const arms = reveals.get(next)?.reveals;
        if (!done || !arms) return;
        for (const layer of Object.keys(arms[0].arms)) {
          const trials = done.map(({ metrics: { success } }, i) => ({
            arm: arms[i].arms[layer],
            success: success === undefined ? undefined : success === 1,
          }));
          for (const { arm, success } of trials) count(layer, arm, success);
          outputs.joined.next({ type: 'joined', layer, trials });
        }
        rows.delete(next);
        reveals.delete(next);
        next++;
      }
    }

    function count(layer: string, arm: string, success: boolean | undefined): void {
      const key = JSON.stringify([layer, arm]);
      const tally = counts.get(key) ?? { assigned: 0, analysed: 0, successes: 0 };
      counts.set(key, tally);
      tally.assigned++;
      if (success !== undefined) tally.analysed++;
      if (success === true) tally.successes++;
    }

    inputs.rows.subscribe(message => {
      if (message.batch >= next) rows.set(message.batch, message);
      goOn();
    });
    inputs.reveals.subscribe(message => {
      if (message.batch >= next) reveals.set(message.batch, message);
      goOn();
    });
    return {
      /** How the arms stand now. */
      counts: (): ArmCount[] =>
        [...counts].map(([key, tally]) => {
          const [layer, arm] = JSON.parse(key) as [string, string];
          return { layer, arm, ...tally };
        }),
    };
  },
});
