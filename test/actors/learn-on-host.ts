import { filter, firstValueFrom } from 'rxjs';
import { policyRef } from '../../src/actors/policy.ts';
import { rollout } from '../../src/actors/rollout.ts';
import { startSystem } from '../../src/actors/runtime/system.ts';
import type { MetricRow } from '../../src/core/metric-rows.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { describeEnvironment, environmentRef } from '../../src/env/define.ts';
import { ppoConfig } from '../../src/learners/ppo/config.ts';
import { ppoLearner } from '../../src/learners/ppo/learner.ts';
import { ppoPolicy, ppoPolicyConfig } from '../../src/learners/ppo/networks.ts';
import type { Executor, TensorsHeld } from '../../src/tensors/index.ts';
import { hostNeighbour } from './host-neighbour.ts';

/** What became of a learner. All plain data, bits included. */
export interface Learnt {
  readonly executor: Executor;
  readonly rows: readonly MetricRow['values'][];
  readonly parameters: readonly number[];
  /** Bytes of weights and of the optimiser's state, as a checkpoint has them. */
  readonly stateBytes: number;
  readonly restarts: number;
}

/** What became of learners that sat on the tensor host together. */
export interface LearntTogether {
  readonly learners: Readonly<Record<string, Learnt>>;
  /** What the host held for all of them, and after the first one was stopped. */
  readonly held: readonly TensorsHeld[];
  readonly heldByTheRest: readonly TensorsHeld[];
}

// Overlapped, so that a learner has two programs over one state: the update, and what the new policy thinks of old actions;
// so wide that neither runs in the thread itself.
const ppo = ppoConfig.parse({
  workers: 1,
  environments: 2,
  horizon: 16,
  minibatch: 16,
  epochs: 2,
  hidden: [128, 128],
  overlapped: true,
});
const steps = 4 * ppo.environments * ppo.horizon;

/**
 * PPO on cart-pole, once for each name, all learners on the tensor host at the same time; rollouts on the main thread.
 * @param dies whether a neighbour of theirs takes the host down after the first one's first round
 */
export async function learnOnHost(
  executor: string,
  names: readonly string[],
  { dies = false } = {},
): Promise<LearntTogether> {
  const system = await startSystem({ seed: 5 });
  try {
    const environment = environmentRef(cartPole, {});
    const { observationSpace, actionSpace } = await describeEnvironment(environment);
    const spaces = { observation: observationSpace, action: actionSpace };
    const policy = policyRef(ppoPolicy, ppoPolicyConfig.strip().parse(ppo), spaces);
    const shape = { policy, count: ppo.environments, steps: ppo.horizon, lag: 1 } as const;
    const cast = await Promise.all(
      names.map(async name => {
        const learner = await system.spawn(
          ppoLearner,
          { ...shape, executor, workers: 1, totalSteps: steps, ppo },
          { on: 'tensors', name },
        );
        const rollouts = await system.spawn(
          rollout,
          { environment, ...shape },
          { on: 'main', name: `${name}-rollouts`, copies: 1 },
        );
        system.link(learner.outputs.policies, rollouts.inputs.policies);
        system.link(rollouts.outputs.trajectories, learner.inputs.trajectories);
        // By step: where its thread is ended right after it has sent a row, it sends that row again.
        const rows = new Map<number, MetricRow['values']>();
        learner.outputs.metrics.subscribe(({ step, values }) => rows.set(step, values));
        const end = firstValueFrom(
          learner.outputs.barriers.pipe(filter(({ reasons }) => reasons.includes('end'))),
        );
        return { name, learner, rows, end };
      }),
    );
    if (dies) {
      const neighbour = await system.spawn(hostNeighbour, {}, { on: 'tensors' });
      system.link(cast[0].learner.outputs.metrics, neighbour.inputs.rows);
    }
    await Promise.all(cast.map(({ learner }) => learner.call.begin()));
    await Promise.race([system.failed, Promise.all(cast.map(({ end }) => end))]);
    const learners = await Promise.all(
      cast.map(async ({ name, learner, rows }) => {
        const { parameters } = await learner.call.policy();
        const [{ method }] = (await learner.snapshot()) as unknown as [
          { method: { weights: Float32Array; optimizer: Float32Array } },
        ];
        const learnt: Learnt = {
          executor: await learner.call.executor(),
          rows: [...rows.values()],
          parameters: [...parameters],
          stateBytes: method.weights.byteLength + method.optimizer.byteLength,
          restarts: learner.restarts,
        };
        return [name, learnt] as const;
      }),
    );
    const [first, last] = [cast[0].learner, cast.at(-1)!.learner];
    const held = await last.call.tensors();
    if (first !== last) await first.stop();
    return {
      learners: Object.fromEntries(learners),
      held,
      heldByTheRest: await last.call.tensors(),
    };
  } finally {
    await system.stop();
  }
}
