import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { usageError } from '../../core/errors.ts';
import { assignArm, trialToken } from '../assignment/assign.ts';
import { type LayerPlan, layerPlan } from './layers.ts';
import type {
  AssignReveal,
  PolicyParameters,
  PolicyShelf,
  TrialOrder,
  TrialRequest,
  TrialsAssigned,
  TrialsLogged,
} from './messages.ts';

/** How trials are cut into batches, and how many batches may be under way. */
export const batching = {
  trials: z.number().int().positive().describe('Trials of the experiment.'),
  batch: z.number().int().positive().default(128).describe('Trials of a batch.'),
  window: z.number().int().positive().default(8).describe('Batches that may be assigned but not yet logged.'),
};

/** What the scheduler is spawned with. */
export const schedulerConfig = z.object({
  secret: z.string().min(1).describe('Of the experiment. Whoever has it can tell every arm.'),
  layers: z.array(layerPlan).min(1).describe('Every trial is in one arm of each.'),
  ...batching,
});

/**
 * Draws every trial's arms and gives them out as orders that do not name them. It never sees an outcome: of the log it
 * hears only that a batch is whole.
 *
 * An arm is a function of secret, layer and trial, so it does not matter who asks when. A batch is told to the log before
 * a cell may have it, and only when the batch `window` places before it is logged: the log has the same lines in the same
 * order whatever the number of cells.
 */
export const trialScheduler = defineActor(import.meta.url, {
  name: 'scheduler',
  config: schedulerConfig,
  inputs: { requests: port<TrialRequest>(), logged: port<TrialsLogged>() },
  outputs: {
    orders: port<TrialOrder>(),
    shelves: port<PolicyShelf>(),
    assigned: port<TrialsAssigned>(),
    reveals: port<AssignReveal>(),
  },
  start({ config, inputs, outputs }) {
    const { secret, layers, trials, batch: size, window } = config;
    const parameters = parametersOf(layers);
    const batches = Math.ceil(trials / size);
    const waiting = new Set<number>();
    let assigned = 0;
    let logged = 0;
    let begun = false;

    const unitsOf = (batch: number) =>
      Array.from({ length: Math.min(size, trials - batch * size) }, (_, i) => {
        const index = batch * size + i;
        return { index, unitId: `trial-${index}` };
      });
    const armsOf = (unitId: string) =>
      layers.map(({ name, arms }) => ({ layer: name, arm: assignArm(secret, name, unitId, arms).name }));

    function assign(batch: number): void {
      const units = unitsOf(batch).map(({ index, unitId }) => ({ trial: unitId, unit: unitId, index }));
      outputs.assigned.next({ type: 'assigned', batch, trials: units });
    }

    function order(batch: number): void {
      const units = unitsOf(batch).map(unit => ({ ...unit, policyHandle: trialToken(secret, unit.unitId) }));
      outputs.shelves.next({
        type: 'shelf',
        batch,
        policies: units.map(({ unitId, policyHandle }) => ({
          handle: policyHandle,
          parameters: parameters(armsOf(unitId)),
        })),
      });
      outputs.orders.next({ type: 'order', batch, orders: units });
    }

    function reveal(batch: number): void {
      const reveals = unitsOf(batch).map(({ unitId }) => ({
        unitId,
        arms: Object.fromEntries(armsOf(unitId).map(({ layer, arm }) => [layer, arm])),
      }));
      outputs.reveals.next({ type: 'reveal', batch, reveals });
    }

    function goOn(): void {
      if (!begun) return;
      while (assigned < Math.min(batches, logged + window)) assign(assigned++);
      for (const batch of [...waiting].sort((a, b) => a - b)) {
        if (batch >= assigned) break;
        waiting.delete(batch);
        order(batch);
      }
    }

    inputs.requests.subscribe(({ batch }) => {
      // A cell that died asks again; the answer is the same.
      if (batch < batches) waiting.add(batch);
      goOn();
    });
    inputs.logged.subscribe(({ batch }) => {
      reveal(batch);
      logged = Math.max(logged, batch + 1);
      goOn();
    });
    return {
      /** Starts to assign. @param done batches that an earlier sitting logged: told to be logged once more, not made again */
      begin(done: number): void {
        assigned = done;
        logged = done;
        for (let batch = 0; batch < done; batch++) reveal(batch);
        begun = true;
        goOn();
      },
    };
  },
});

/** What a trial's policy is, by its arms: every layer's parameters together. */
function parametersOf(layers: readonly LayerPlan[]) {
  const owners = new Map<string, string>();
  for (const { name, arms } of layers) {
    for (const key of new Set(arms.flatMap(arm => Object.keys(arm.parameters)))) {
      const owner = owners.get(key);
      if (owner !== undefined)
        throw usageError(
          `layer ${name}: parameter ${key} belongs to layer ${owner}, expected one of its own`,
        );
      owners.set(key, name);
    }
  }
  const byName = new Map(
    layers.map(({ name, arms }) => [name, new Map(arms.map(arm => [arm.name, arm.parameters]))]),
  );
  return (chosen: readonly { readonly layer: string; readonly arm: string }[]): PolicyParameters =>
    Object.assign({}, ...chosen.map(({ layer, arm }) => byName.get(layer)?.get(arm)));
}
