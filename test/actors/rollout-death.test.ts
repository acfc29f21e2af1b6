import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import type { ActorContext } from '../../src/actors/contract.ts';
import { policyRef } from '../../src/actors/policy.ts';
import { rollout } from '../../src/actors/rollout.ts';
import { allocateSlab, type PolicySlab, policyFields, type Trajectory } from '../../src/actors/trajectory.ts';
import { Random } from '../../src/core/random.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { describeEnvironment, environmentRef } from '../../src/env/define.ts';
import { discrete } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';

const environment = environmentRef(cartPole, {});
const { observationSpace } = await describeEnvironment(environment);
const policy = policyRef(ppoPolicy, { hidden: [4] }, { observation: observationSpace, action: discrete(2) });

/** A rollout without the runtime around it. */
async function rolloutAlone(lag: 0 | 1, restored?: Snapshot) {
  const sent: Trajectory[] = [];
  const policies = new Subject<PolicySlab>();
  let saved: Snapshot | undefined;
  const context = {
    config: { environment, policy, count: 2, steps: 4, lag, executor: 'auto' },
    inputs: { policies },
    outputs: {
      trajectories: {
        write(fill: (slab: Trajectory) => void) {
          const { outputs } = rollout;
          const ports = typeof outputs === 'function' ? outputs(context.config as never) : outputs;
          const slab = allocateSlab(ports.trajectories.fields) as Trajectory;
          fill(slab);
          sent.push(slab);
        },
      },
    },
    random: Random.fromSeed(1),
    signal: new AbortController().signal,
    index: 0,
    restored,
    save(state: Snapshot) {
      saved = structuredClone(state);
    },
    heartbeat() {},
    warn() {},
  };
  await rollout.start(context as unknown as ActorContext<never, never, never>);
  const ask = (version: number) => {
    const slab = allocateSlab(policyFields(policy));
    slab.version[0] = version;
    slab.parameters.fill(0.01 * (version + 1));
    policies.next(slab);
  };
  return { sent, ask, saved: () => saved };
}

// The learner may die, too, before it has kept what it was sent: it then asks a rollout that has died since.
test.each([0, 1] as const)(
  'a rollout that died still has the rounds it was last asked for, lag %d',
  async lag => {
    const first = await rolloutAlone(lag);
    first.ask(0);
    first.ask(1);
    const after = await rolloutAlone(lag, first.saved());
    after.ask(1);
    expect(after.sent).toEqual(first.sent.slice(-1 - lag));
    expect(after.sent.map(({ round }) => round[0])).toEqual(lag === 0 ? [1] : [1, 2]);

    // And goes on as one that never died.
    first.ask(2);
    after.ask(2);
    expect(after.sent.at(-1)).toEqual(first.sent.at(-1));
  },
);
