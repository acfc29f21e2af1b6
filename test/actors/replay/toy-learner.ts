import { existsSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { explorer, explorerConfig } from '../../../src/actors/replay/explorer.ts';
import type { Helping } from '../../../src/actors/replay/fields.ts';
import {
  type ReplayMethod,
  replayLearnerConfig,
  replayLearnerInputs,
  replayLearnerOutputs,
} from '../../../src/actors/replay/learner.ts';
import { runReplayLearner } from '../../../src/actors/replay/learner-shell.ts';
import { defineActor } from '../../../src/actors/runtime/define.ts';

/**
 * "Learns" by moving every parameter by what it was shown, in the order in which it was shown it, and thinks of each row
 * what follows from the row. Dies once: in a round after so many helpings, or when it is told to.
 */
export const toyLearner = defineActor(import.meta.url, {
  name: 'learner',
  config: replayLearnerConfig.extend({
    /** Helpings after which it dies in the next one. */
    dieAfter: z.number().int().nullable().default(null),
    /** A file that remembers that it has died. */
    mark: z.string().default(''),
    /** What the parameters start from, and whether they stay. */
    bias: z.number().default(0.01),
    stays: z.boolean().default(false),
  }),
  inputs: replayLearnerInputs,
  outputs: replayLearnerOutputs,
  start(context) {
    const { policy, batch, updates, dieAfter, mark, bias, stays } = context.config;
    const parameters = new Float32Array(policy.size).fill(bias);
    let helpings = 0;
    const method: ReplayMethod = {
      executor: { name: 'none', reason: 'there is nothing to run' },
      async learn({ observations, rewards, discounts, weights, count: [count] }: Helping) {
        if (helpings === dieAfter && !existsSync(mark)) {
          writeFileSync(mark, '');
          throw new Error('the learner broke');
        }
        helpings++;
        const errors = new Float32Array(updates * batch);
        const width = observations.length / errors.length;
        let sum = 0;
        for (let row = 0; row < count * batch; row++) {
          errors[row] = Math.abs(observations[row * width] + rewards[row]);
          sum = (3 * sum + errors[row] + discounts[row] * weights[row]) % 1;
        }
        if (!stays) for (let i = 0; i < parameters.length; i++) parameters[i] += (sum - 0.5) / 10;
        return { figures: { sum }, errors };
      },
      writeParameters: out => out.set(parameters),
      takeParameters: from => parameters.set(from),
      snapshot: () => ({ parameters: parameters.slice(), helpings }),
      restore(snapshot) {
        const state = snapshot as { parameters: Float32Array; helpings: number };
        parameters.set(state.parameters);
        ({ helpings } = state);
      },
      dispose() {},
    };
    return {
      ...runReplayLearner(context, method),
      die: (): void => context.outputs.metrics.error(new Error('the learner broke')),
    };
  },
});

/** An explorer of which the last copy dies once: in the middle of a round, or after it has sent it, before it is saved. */
export const mortalExplorer = defineActor(import.meta.url, {
  name: 'explorer',
  config: explorerConfig.extend({
    die: z
      .strictObject({ in: z.enum(['collecting', 'saving']), times: z.number().int() })
      .nullable()
      .default(null),
    mark: z.string().default(''),
  }),
  inputs: explorer.inputs,
  outputs: explorer.outputs,
  async start(context) {
    const { config, index, copies } = context;
    const { die, mark } = config;
    let times = 0;
    const dieIn = (what: 'collecting' | 'saving'): void => {
      if (die?.in !== what || index !== copies - 1 || times++ < die.times || existsSync(mark)) return;
      writeFileSync(mark, '');
      throw new Error('the explorer broke');
    };
    const { save, heartbeat } = context;
    return (await explorer.start({
      ...context,
      heartbeat() {
        dieIn('collecting');
        heartbeat();
      },
      save(state) {
        dieIn('saving');
        save(state);
      },
    })) as { snapshot(): { rounds: number }; stop(): void };
  },
});
