import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { TroupeError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { engineNames, loadEngine } from '../../env/rapier/engine.ts';
import {
  batching,
  type PolicyAnswer,
  type PolicyParameters,
  type PolicyRequest,
  type TrialOrder,
  type TrialRequest,
} from '../../evaluation/actors/index.ts';
import { makeCalendar, robots } from './calendar.ts';
import { Cell } from './cell.ts';
import type { Controller } from './contract.ts';
import type { PlayedTrial, TrialsPlayed, WorldStates } from './messages.ts';

/** Share of trials that a cell gives up before it begins: the camera finds no cube. */
const abortShare = 0.003;

/**
 * Plays batches of trials in its own physics, one after the other: with c copies the one of index i takes the batches b
 * with b mod c = i. A trial depends on the seed, its index, the world's state and the policy alone, so it does not matter
 * which copy plays it, or how often: one that was restarted asks again for the batch that it was at. Its policies come by
 * handle: it knows what to do, not what that is called.
 */
export const robotCell = defineActor(import.meta.url, {
  name: 'robot-cell',
  config: z.object({
    seed: z.number().int(),
    engine: z.enum(engineNames).default('simd'),
    from: z.number().int().min(0).default(0).describe('Batches that are logged already.'),
    ...batching,
  }),
  inputs: {
    orders: port<TrialOrder>(),
    worlds: port<WorldStates>(),
    policies: port<PolicyAnswer>(),
  },
  outputs: {
    requests: port<TrialRequest>(),
    policyRequests: port<PolicyRequest>(),
    played: port<TrialsPlayed>(),
  },
  async start({ config, inputs, outputs, index, copies, restored, save, heartbeat }) {
    const { seed, trials, batch: size, from } = config;
    const cell = new Cell(await loadEngine(config.engine));
    const calendar = makeCalendar(seed, trials);
    const noise = Random.fromSeed(seed).split('trials');
    const batches = Math.ceil(trials / size);
    let batch =
      typeof restored === 'number' ? restored : from + ((((index - from) % copies) + copies) % copies);
    let order: TrialOrder | undefined;
    let world: WorldStates | undefined;
    let policies: PolicyAnswer | undefined;

    // Three links, in any order: a batch is played when all three have come.
    inputs.orders.subscribe(message => {
      if (message.batch !== batch || order) return;
      order = message;
      outputs.policyRequests.next({
        type: 'policies wanted',
        batch,
        handles: message.orders.map(({ policyHandle }) => policyHandle),
      });
    });
    inputs.worlds.subscribe(message => {
      if (message.batch === batch) world = message;
      play();
    });
    inputs.policies.subscribe(message => {
      if (message.batch === batch) policies = message;
      play();
    });

    function play(): void {
      if (!order || !world || !policies) return;
      const played: PlayedTrial[] = [];
      for (const [i, { unitId, index: at }] of order.orders.entries()) {
        const random = noise.split(at);
        const aborted = random.uniform() < abortShare;
        const trial = cell.play(controllerOf(policies.policies[i]), world.states[i], random);
        played.push({
          unitId,
          index: at,
          robot: robots[calendar.slot(at).robot],
          distance: aborted ? undefined : trial.distance,
          startState: trial.start,
        });
        heartbeat();
      }
      outputs.played.next({ type: 'played', batch, trials: played });
      batch += copies;
      save(batch);
      ask();
    }

    function ask(): void {
      order = undefined;
      world = undefined;
      policies = undefined;
      if (batch < batches) outputs.requests.next({ type: 'request', batch });
    }

    if (typeof restored === 'number') ask();
    return {
      /** Asks for its first batch, and from then on by itself, in its later lives too. */
      begin(): void {
        save(batch);
        ask();
      },
      stop: () => cell.free(),
    };
  },
});

function controllerOf(parameters: PolicyParameters): Controller {
  const { squeeze, lift, correction = 0 } = parameters;
  if (squeeze === undefined || lift === undefined)
    throw new TroupeError('policy: expected the parameters squeeze and lift');
  return { squeeze, lift, correction };
}
