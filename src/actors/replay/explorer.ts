import { z } from 'zod';
import type { Snapshot } from '../../core/snapshot.ts';
import { loadEnvironment } from '../../env/define.ts';
import { environmentRefSchema } from '../environment-ref.ts';
import { executorField, startExecutor } from '../executor.ts';
import { policyRefSchema } from '../policy.ts';
import { compilePolicy } from '../policy-programs.ts';
import { defineActor, slab } from '../runtime/define.ts';
import { FinalError } from '../runtime/final-error.ts';
import { allocateSlab, copySlab, policyFields } from '../trajectory.ts';
import { randomActions } from './config.ts';
import { type Transitions, transitionFields } from './fields.ts';
import { TransitionCollector } from './transition-collector.ts';

const positive = z.number().int().positive();

/** What an explorer is spawned with. */
export const explorerConfig = z.object({
  environment: environmentRefSchema.describe('What to step.'),
  policy: policyRefSchema.describe('What acts.'),
  count: positive.describe('Environment copies.'),
  steps: positive.describe('Steps of every copy in a stretch.'),
  random: randomActions
    .prefault({})
    .describe('How many actions are drawn at random instead, by the steps of all explorers together.'),
  executor: executorField,
});

const shapeOf = ({ policy, count, steps }: z.output<typeof explorerConfig>) => ({
  spaces: policy.spaces,
  count,
  steps,
});

/**
 * Collects experience for a replay, round after round: round r with policy r, so what is collected depends on the seed
 * alone, not on who was faster. A policy is a request for its round; a request for the round that was done last is
 * answered with the same stretch again, so neither side minds when the other was restarted. A policy that comes before
 * the one it follows ends the run: one was skipped, and the round would be collected with the wrong one.
 */
export const explorer = defineActor(import.meta.url, {
  name: 'explorer',
  config: explorerConfig,
  inputs: config => ({ policies: slab(policyFields(config.policy)) }),
  outputs: config => ({ transitions: slab(transitionFields(shapeOf(config))) }),

  async start(context) {
    const { config, inputs, outputs, random, restored, signal, name, index, copies } = context;
    await startExecutor(config.executor);
    const environment = await loadEnvironment(config.environment, config.count);
    const policy = await compilePolicy(config.policy);
    environment.reset({ seed: random.split('environment').uint32() });
    const shape = { ...shapeOf(config), workers: copies };
    const collector = new TransitionCollector(environment, policy, shape, config.random, random);
    // Of the environment, not of this copy of the actor: told once.
    if (!environment.snapshot && index === 0) {
      context.warn(
        `${config.environment.name} has no snapshot(): after a restart or a resume its episodes begin anew`,
      );
    }

    /** The last stretch. */
    const held = allocateSlab(transitionFields(shapeOf(config)));
    held.round[0] = -1;
    /** Rounds done. */
    let rounds = 0;
    if (restored !== undefined) {
      const state = restored as { rounds: number; collector: Snapshot; held?: Transitions };
      rounds = state.rounds;
      collector.restore(state.collector);
      if (state.held) copySlab(state.held, held);
    }
    const snapshot = () => ({ rounds, collector: collector.snapshot() });
    const send = () => outputs.transitions.write(slot => copySlab(held, slot));

    inputs.policies.subscribe(({ version: [version], parameters }) => {
      if (signal.aborted) return;
      if (version > rounds) {
        const skipped = `${name}: policy ${version} came, expected ${rounds}: one was skipped`;
        outputs.transitions.error(new FinalError(skipped));
        return;
      }
      if (version < rounds) {
        if (held.round[0] === version) send();
        return;
      }
      policy.setParameters(parameters);
      collector.collect(held, rounds, context.heartbeat);
      held.round[0] = rounds;
      held.version[0] = version;
      held.worker[0] = index;
      rounds++;
      send();
      // A learner that dies before the round is done asks for it again, even if this actor has died since.
      context.save({ ...snapshot(), held });
    });

    return {
      snapshot,
      stop() {
        environment.close();
        policy.dispose();
      },
    };
  },
});
