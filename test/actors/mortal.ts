import { existsSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { rollout, rolloutConfig } from '../../src/actors/rollout.ts';
import { defineActor } from '../../src/actors/runtime/define.ts';

/** In which method an actor dies, after how many rounds, and whether before or after it did what it is there for. */
export const deathInMethod = z.object({
  method: z.enum(['begin', 'policy', 'snapshot', 'proceed']),
  rounds: z.number().int(),
  when: z.enum(['before', 'after']),
});

/**
 * A method that kills its actor, the first time that it is due.
 * @param mark a file that remembers that it has died
 */
export const dyingOnce = <F extends (...args: never[]) => unknown>(
  { crash }: { crash(error: unknown): void },
  mark: string,
  due: () => 'before' | 'after' | false | undefined,
  whole: F,
): F => {
  const die = (): void => {
    writeFileSync(mark, '');
    const error = new Error('it broke');
    crash(error);
    throw error;
  };
  return ((...args: never[]) => {
    const when = !existsSync(mark) && due();
    if (when === 'before') die();
    const result = whole(...args);
    if (when === 'after') die();
    return result;
  }) as F;
};

/** A rollout of which the second copy dies while it is asked for its state. */
export const mortalRollout = defineActor(import.meta.url, {
  name: 'rollout',
  config: rolloutConfig.extend({ dieAtRound: z.number().int().nullable(), mark: z.string() }),
  inputs: rollout.inputs,
  outputs: rollout.outputs,
  async start(context) {
    const { dieAtRound, mark } = context.config;
    const methods = (await rollout.start(context)) as { snapshot(): { rounds: number }; stop(): void };
    const { snapshot, stop } = methods;
    const due = () => context.index === 1 && snapshot().rounds === dieAtRound && 'after';
    return { snapshot: dyingOnce(context, mark, due, snapshot), stop };
  },
});
