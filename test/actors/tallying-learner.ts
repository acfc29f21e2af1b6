import { existsSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import {
  type LearningMethod,
  learnerConfig,
  learnerInputs,
  learnerOutputs,
} from '../../src/actors/learner.ts';
import { runLearner } from '../../src/actors/learner-shell.ts';
import { defineActor } from '../../src/actors/runtime/define.ts';
import type { Trajectory } from '../../src/actors/trajectory.ts';
import { deathInMethod, dyingOnce } from './mortal.ts';

/** "Learns" by moving every parameter by what it was shown; dies once in the middle of a round, or in a method. */
export const tallyingLearner = defineActor(import.meta.url, {
  name: 'learner',
  config: learnerConfig.extend({
    dieAt: z.number().int().nullable(),
    dieIn: deathInMethod.nullable(),
    /** A file that remembers that it has died. */
    mark: z.string(),
  }),
  inputs: learnerInputs,
  outputs: learnerOutputs,
  start(context) {
    const { policy, dieAt, dieIn, mark } = context.config;
    const parameters = new Float32Array(policy.size).fill(0.01);
    let rounds = 0;
    const method: LearningMethod = {
      executor: { name: 'none', reason: 'there is nothing to run' },
      async learn(round: readonly Trajectory[]) {
        if (rounds === dieAt && !existsSync(mark)) {
          writeFileSync(mark, '');
          throw new Error('the learner broke');
        }
        rounds++;
        let sum = 0;
        for (const { observations, worker } of round)
          for (const x of observations) sum = (sum + (1 + worker[0]) * x) % 1;
        for (let i = 0; i < parameters.length; i++) parameters[i] += (sum / 10) * (i % 2 === 0 ? 1 : -1);
        return { sum };
      },
      writeParameters: out => out.set(parameters),
      takeParameters: from => parameters.set(from),
      snapshot: () => ({ parameters: parameters.slice(), rounds }),
      restore(snapshot) {
        const state = snapshot as { parameters: Float32Array; rounds: number };
        parameters.set(state.parameters);
        ({ rounds } = state);
      },
      dispose() {},
    };
    const methods = runLearner(context, method);
    const mortal = <F extends (...args: never[]) => unknown>(name: string, whole: F): F =>
      dyingOnce(context, mark, () => dieIn?.method === name && rounds === dieIn.rounds && dieIn.when, whole);
    return {
      ...methods,
      begin: mortal('begin', methods.begin),
      policy: mortal('policy', methods.policy),
      snapshot: mortal('snapshot', methods.snapshot),
      proceed: mortal('proceed', methods.proceed),
      die: (): void => context.outputs.metrics.error(new Error('the learner broke')),
    };
  },
});
