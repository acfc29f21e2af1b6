import { z } from 'zod';
import type { Snapshot } from '../core/snapshot.ts';
import { loadEnvironment } from '../env/define.ts';
import { environmentRefSchema } from './environment-ref.ts';
import { executorField, startExecutor } from './executor.ts';
import { policyRefSchema } from './policy.ts';
import { compilePolicy } from './policy-programs.ts';
import { Collector } from './rollout-collector.ts';
import { defineActor, slab } from './runtime/define.ts';
import { allocateSlab, copySlab, policyFields, type Trajectory, trajectoryFields } from './trajectory.ts';

/** What a rollout is spawned with. */
export const rolloutConfig = z.object({
  environment: environmentRefSchema.describe('What to step.'),
  policy: policyRefSchema.describe('What acts.'),
  count: z.number().int().positive().describe('Environment copies.'),
  steps: z.number().int().positive().describe('Steps of every copy in a trajectory.'),
  lag: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .describe('How many versions old a policy may act: with 1, collecting overlaps with learning.'),
  executor: executorField,
});

const shapeOf = ({ policy, count, steps }: z.output<typeof rolloutConfig>) => ({
  spaces: policy.spaces,
  count,
  steps,
});

/**
 * Collects experience, round after round. Round r is collected with policy r − lag (the first ones with policy 0), so
 * what is collected depends on the seed alone, not on who was faster.
 *
 * A policy is a request for the rounds that it is due to collect. A request for rounds that are done is answered with
 * the same trajectories again, so neither side minds when the other was restarted: the learner drops what it has.
 */
export const rollout = defineActor(import.meta.url, {
  name: 'rollout',
  config: rolloutConfig,
  inputs: config => ({ policies: slab(policyFields(config.policy)) }),
  outputs: config => ({ trajectories: slab(trajectoryFields(shapeOf(config))) }),

  async start({ config, inputs, outputs, random, restored, signal, index, save, heartbeat, warn }) {
    const { lag } = config;
    await startExecutor(config.executor);
    const environment = await loadEnvironment(config.environment, config.count);
    const policy = await compilePolicy(config.policy);
    environment.reset({ seed: random.split('environment').uint32() });
    const collector = new Collector(environment, policy, shapeOf(config), random.split('noise'));
    // Of the environment, not of this copy of the actor: told once.
    if (!environment.snapshot && index === 0) {
      warn(
        `${config.environment.name} has no snapshot(): after a restart or a resume its episodes begin anew`,
      );
    }

    /** The last 1 + lag trajectories, by round. */
    const held = Array.from({ length: 1 + lag }, () => allocateSlab(trajectoryFields(shapeOf(config))));
    for (const trajectory of held) trajectory.round[0] = -1;

    /** Rounds done. */
    let rounds = 0;
    if (restored !== undefined) {
      const state = restored as { rounds: number; collector: Snapshot; held?: readonly Trajectory[] };
      rounds = state.rounds;
      collector.restore(state.collector);
      state.held?.forEach((trajectory, i) => {
        copySlab(trajectory, held[i]);
      });
    }
    const snapshot = () => ({ rounds, collector: collector.snapshot() });

    inputs.policies.subscribe(({ version: [version], parameters }) => {
      const due = version + 1 + lag;
      if (rounds >= due) {
        for (let round = Math.max(0, due - 1 - lag); round < due; round++) sendAgain(round);
        return;
      }
      policy.setParameters(parameters);
      while (rounds < due && !signal.aborted) {
        const trajectory = held[rounds % held.length];
        collector.collect(trajectory, heartbeat);
        trajectory.round[0] = rounds;
        trajectory.version[0] = version;
        trajectory.worker[0] = index;
        rounds++;
        outputs.trajectories.write(slot => copySlab(trajectory, slot));
        // A learner that dies before it has kept this round asks for it again, even if this actor has died since.
        save({ ...snapshot(), held });
      }
    });

    function sendAgain(round: number): void {
      const trajectory = held[round % held.length];
      if (trajectory.round[0] === round) outputs.trajectories.write(slot => copySlab(trajectory, slot));
    }

    return {
      snapshot,
      stop() {
        environment.close();
        policy.dispose();
      },
    };
  },
});
