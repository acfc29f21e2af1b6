import { z } from 'zod';
import { loadEnvironment } from '../env/define.ts';
import { environmentRefSchema } from './environment-ref.ts';
import { executorField, startExecutor } from './executor.ts';
import { policyRefSchema } from './policy.ts';
import { compilePolicy } from './policy-programs.ts';
import { answerPolicies } from './rollout-rounds.ts';
import { defineActor, slab } from './runtime/define.ts';
import { policyFields, trajectoryFields } from './trajectory.ts';

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

/** Collects experience, round after round, as `answerPolicies` says. */
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
    // Of the environment, not of this copy of the actor: told once.
    if (!environment.snapshot && index === 0) {
      warn(
        `${config.environment.name} has no snapshot(): after a restart or a resume its episodes begin anew`,
      );
    }
    const snapshot = answerPolicies({
      ...{ environment, policy, shape: shapeOf(config), lag, random: random.split('noise'), index },
      ...{ policies: inputs.policies, trajectories: outputs.trajectories },
      ...{ signal, restored, save, heartbeat },
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
