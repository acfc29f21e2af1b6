import { usageError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { ActionColumn, Environment, Step, VectorEnvironment } from './contract.ts';
import { mismatch, unflatten } from './flatten.ts';
import { type ActionSpace, actionSize, type Space, type ValueOf } from './spaces.ts';

/** The only copy of a vector environment of one, as a single environment; its seeds are the vector's. */
export function singleOf<O extends Space, A extends ActionSpace>(
  vector: VectorEnvironment<O, A>,
  name = 'environment',
): Environment<O, A> {
  if (vector.count !== 1) throw usageError(`environment ${name}: count = ${vector.count}, expected 1`);
  const { observationSpace, actionSpace } = vector;
  const actions = columnFor(actionSpace);
  const stand: Standing = { at: 'start' };
  const infoOf = (value: (column: Float32Array) => number) =>
    Object.fromEntries(Object.entries(vector.info).map(([key, column]) => [key, value(column)]));
  const { render, snapshot, restore } = vector;
  return {
    observationSpace,
    actionSpace,
    reset(options) {
      // The vector has already begun the next episode when the last one ended.
      if (options?.seed !== undefined || stand.at !== 'ended') vector.reset(options);
      stand.at = 'running';
      return { observation: unflatten(observationSpace, vector.observations), info: infoOf(() => 0) };
    },
    step(action): Step<ValueOf<O>> {
      if (stand.at !== 'running') throw usageError(`environment ${name}: step came before reset`);
      const wrong = mismatch(actionSpace, action, 'action');
      if (wrong) throw usageError(`environment ${name}: ${wrong}`);
      if (typeof action === 'number') actions[0] = action;
      else actions.set(action as Float32Array);
      vector.step(actions as ActionColumn<A>);
      const terminated = vector.terminated[0] === 1;
      const truncated = vector.truncated[0] === 1;
      const ended = terminated || truncated;
      if (ended) stand.at = 'ended';
      const observation = unflatten(observationSpace, ended ? vector.finalObservations : vector.observations);
      return {
        ...{ observation, reward: vector.rewards[0], terminated, truncated },
        info: infoOf(column => column[0]),
      };
    },
    ...(render && { render: () => render.call(vector, 0) }),
    ...(snapshot && { snapshot: () => ({ vector: snapshot.call(vector), at: stand.at }) }),
    ...(restore && {
      restore(from: Snapshot) {
        const kept = from as unknown as { vector: Snapshot } & Standing;
        restore.call(vector, kept.vector);
        stand.at = kept.at;
      },
    }),
    close: () => vector.close(),
  };
}

/** Where an environment stands in its episode. */
interface Standing {
  at: 'start' | 'running' | 'ended';
}

/** An action column for one copy. */
const columnFor = (space: ActionSpace): Float32Array | Int32Array =>
  space.kind === 'box' ? new Float32Array(actionSize(space)) : new Int32Array(actionSize(space));
