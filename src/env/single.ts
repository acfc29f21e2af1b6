import { usageError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { ActionColumn, Environment, Step, VectorEnvironment } from './contract.ts';
import { mismatch, unflatten } from './flatten.ts';
import { type ActionSpace, actionSize, type Space, type ValueOf } from './spaces.ts';

/**
 * The only copy of a vector environment of one, as a single environment; its seeds are the vector's. Of the stream's
 * episodes, it leaves out those that the vector begins by itself: what info their starts have is not to be seen.
 */
export function singleOf<O extends Space, A extends ActionSpace>(
  vector: VectorEnvironment<O, A>,
  name = 'environment',
): Environment<O, A> {
  if (vector.count !== 1) throw usageError(`environment ${name}: count = ${vector.count}, expected 1`);
  const { observationSpace, actionSpace } = vector;
  const actions = columnFor(actionSpace);
  let isRunning = false;
  const infoNow = () => Object.fromEntries(Object.entries(vector.info).map(([key, [value]]) => [key, value]));
  const { render, snapshot, restore } = vector;
  return {
    observationSpace,
    actionSpace,
    reset(options) {
      vector.reset(options);
      isRunning = true;
      return { observation: unflatten(observationSpace, vector.observations), info: infoNow() };
    },
    step(action): Step<ValueOf<O>> {
      if (!isRunning) throw usageError(`environment ${name}: step came before reset`);
      const wrong = mismatch(actionSpace, action, 'action');
      if (wrong) throw usageError(`environment ${name}: ${wrong}`);
      if (typeof action === 'number') actions[0] = action;
      else actions.set(action as Float32Array);
      vector.step(actions as ActionColumn<A>);
      const terminated = vector.terminated[0] === 1;
      const truncated = vector.truncated[0] === 1;
      const ended = terminated || truncated;
      isRunning = !ended;
      const observation = unflatten(observationSpace, ended ? vector.finalObservations : vector.observations);
      return {
        ...{ observation, reward: vector.rewards[0], terminated, truncated },
        info: infoNow(),
      };
    },
    ...(render && { render: () => render.call(vector, 0) }),
    ...(snapshot && { snapshot: () => ({ vector: snapshot.call(vector), isRunning }) }),
    ...(restore && {
      restore(from: Snapshot) {
        const kept = from as { readonly vector: Snapshot; readonly isRunning: boolean };
        restore.call(vector, kept.vector);
        isRunning = kept.isRunning;
      },
    }),
    close: () => vector.close(),
  };
}

/** An action column for one copy. */
const columnFor = (space: ActionSpace): Float32Array | Int32Array =>
  space.kind === 'box' ? new Float32Array(actionSize(space)) : new Int32Array(actionSize(space));
