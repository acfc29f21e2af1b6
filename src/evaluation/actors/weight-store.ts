import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { usageError } from '../../core/errors.ts';
import type { PolicyAnswer, PolicyParameters, PolicyRequest, PolicyShelf } from './messages.ts';

/** Batches whose policies are kept: more than can be under way. */
const kept = 64;

/** Holds policies by handle: the only way from an order to what it means, and it knows no names. */
export const weightStore = defineActor(import.meta.url, {
  name: 'weight-store',
  config: z.object({}),
  inputs: { shelves: port<PolicyShelf>(), requests: port<PolicyRequest>() },
  outputs: { policies: port<PolicyAnswer>() },
  start({ inputs, outputs }) {
    const shelves = new Map<number, ReadonlyMap<string, PolicyParameters>>();
    /** Requests that were faster than their shelf: two links have no common order. */
    const waiting = new Map<number, PolicyRequest>();

    function answer({ batch, handles }: PolicyRequest, shelf: ReadonlyMap<string, PolicyParameters>): void {
      const policies = handles.map(handle => {
        const parameters = shelf.get(handle);
        if (!parameters) throw usageError(`handle = ${handle}: expected one that was given out`);
        return parameters;
      });
      outputs.policies.next({ type: 'policies', batch, policies });
    }

    inputs.shelves.subscribe(({ batch, policies }) => {
      const shelf = new Map(policies.map(({ handle, parameters }) => [handle, parameters]));
      shelves.delete(batch);
      shelves.set(batch, shelf);
      const [oldest] = shelves.keys();
      if (shelves.size > kept) shelves.delete(oldest);
      const request = waiting.get(batch);
      waiting.delete(batch);
      if (request) answer(request, shelf);
    });
    inputs.requests.subscribe(request => {
      const shelf = shelves.get(request.batch);
      if (shelf) answer(request, shelf);
      else waiting.set(request.batch, request);
    });
  },
});
