import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import type { ActorContext } from '../../../src/actors/contract.ts';
import { policyRef } from '../../../src/actors/policy.ts';
import { explorer } from '../../../src/actors/replay/explorer.ts';
import { type Transitions, transitionFields } from '../../../src/actors/replay/fields.ts';
import { randomShare } from '../../../src/actors/replay/random-share.ts';
import { allocateSlab, type PolicySlab, policyFields } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { environmentRef } from '../../../src/env/define.ts';
import { box, discrete } from '../../../src/env/spaces.ts';
import { walk } from '../../fixtures/environments/walk.ts';
import { leaning } from './toy-policy.ts';

const environment = environmentRef(walk, {});
const spaces = { observation: box(1, { low: -6, high: 6 }), action: discrete(2) };
const policy = policyRef(leaning, {}, spaces);

/** An explorer without the runtime around it. */
async function explorerAlone(restored?: Snapshot) {
  const sent: Transitions[] = [];
  const errors: Error[] = [];
  const policies = new Subject<PolicySlab>();
  let saved: Snapshot | undefined;
  const config = { environment, policy, count: 2, steps: 4, executor: 'eager' };
  const context = {
    config: { ...config, random: randomShare({ from: 0.5, to: 0.5 }) },
    inputs: { policies },
    outputs: {
      transitions: {
        write(fill: (slab: Transitions) => void) {
          const slab = allocateSlab(transitionFields({ ...config, spaces }));
          fill(slab);
          sent.push(slab);
        },
        error: (error: Error) => void errors.push(error),
      },
    },
    random: Random.fromSeed(1),
    signal: new AbortController().signal,
    name: 'explorer',
    index: 0,
    copies: 1,
    restored,
    save(state: Snapshot) {
      saved = structuredClone(state);
    },
    heartbeat() {},
    warn() {},
  };
  const methods = await explorer.start(context as unknown as ActorContext<never, never, never>);
  const ask = (version: number) => {
    const slab = allocateSlab(policyFields(policy));
    slab.version[0] = version;
    slab.parameters.fill(0.1 * (version + 1));
    policies.next(slab);
  };
  return { sent, errors, ask, saved: () => saved, methods };
}

test('a policy is a request for its round; one that comes again is answered with the same stretch', async () => {
  const { sent, ask } = await explorerAlone();
  ask(0);
  ask(1);
  ask(1);
  ask(0);
  expect(sent.map(({ round, version }) => [round[0], version[0]])).toEqual([
    [0, 0],
    [1, 1],
    [1, 1],
  ]);
  expect(sent[2]).toEqual(sent[1]);
});

// The learner may die, too, before it has learned from what it was sent: it then asks an explorer that has died since.
test('an explorer that died still has the round it was last asked for, and goes on as one that never died', async () => {
  const first = await explorerAlone();
  first.ask(0);
  first.ask(1);
  const after = await explorerAlone(first.saved());
  after.ask(1);
  expect(after.sent).toEqual(first.sent.slice(-1));
  first.ask(2);
  after.ask(2);
  expect(after.sent.at(-1)).toEqual(first.sent.at(-1));
});

test('a policy that was skipped ends the run, and is named', async () => {
  const { ask, sent, errors } = await explorerAlone();
  ask(0);
  ask(2);
  expect(errors.map(({ name, message }) => `${name}: ${message}`)).toEqual([
    'FinalError: explorer: policy 2 came, expected 1: one was skipped',
  ]);
  expect(sent).toHaveLength(1);
});
