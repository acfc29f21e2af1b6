import { TroupeError, usageError } from '../core/errors.ts';
import { countCall } from './calls.ts';
import type { ActionColumn, VectorEnvironment } from './contract.ts';
import { describe } from './flatten.ts';
import { type ActionSpace, actionSize, boundsOf, flatSize, type Space, type ValueOf } from './spaces.ts';

/** Reads one copy's action out of a column: a number, or a new array, which the copy may keep. */
export function actionReader<A extends ActionSpace>(
  space: A,
): (actions: ActionColumn<A>, index: number) => ValueOf<A>;
export function actionReader(space: ActionSpace): unknown {
  const size = actionSize(space);
  if (space.kind === 'discrete') return (actions: Int32Array, index: number) => actions[index];
  return (actions: Float32Array | Int32Array, index: number) =>
    actions.slice(index * size, (index + 1) * size);
}

const limits = new WeakMap<ActionSpace, { readonly low: Float32Array; readonly high: Float32Array }>();

/** The least and the greatest number of each element of an action. */
function limitsOf(space: ActionSpace): { readonly low: Float32Array; readonly high: Float32Array } {
  const known = limits.get(space);
  if (known) return known;
  const made = makeLimits(space);
  limits.set(space, made);
  return made;
}

function makeLimits(space: ActionSpace) {
  if (space.kind === 'box') {
    const { low, high } = boundsOf(space);
    return { low: Float32Array.from(low), high: Float32Array.from(high) };
  }
  const sizes = space.kind === 'discrete' ? [space.n] : space.sizes;
  return { low: new Float32Array(sizes.length), high: Float32Array.from(sizes, n => n - 1) };
}

/** Throws one line when a column of actions has another type or length than the space, or holds what is not in it. */
export function assertActions(name: string, space: ActionSpace, count: number, actions: unknown): void {
  const size = actionSize(space);
  const wanted = space.kind === 'box' ? Float32Array : Int32Array;
  if (!(actions instanceof wanted) || actions.length !== count * size) {
    throw usageError(
      `environment ${name}: actions = ${describe(actions)}, expected ${wanted.name} of length ${count * size}`,
    );
  }
  const { low, high } = limitsOf(space);
  if (actions instanceof Int32Array && size === 1) {
    const most = high[0];
    // The sign bit of either term is set exactly where an index is below 0 or above the last.
    let signs = 0;
    for (let i = 0; i < count; i++) signs |= actions[i] | (most - actions[i]);
    if (signs >= 0) return;
  }
  for (let i = 0, k = 0; i < actions.length; i++) {
    if (!(actions[i] >= low[k] && actions[i] <= high[k])) throw actionError(name, space, actions, i);
    if (++k === size) k = 0;
  }
}

function actionError(name: string, space: ActionSpace, actions: ArrayLike<number>, at: number): TroupeError {
  const size = actionSize(space);
  const { low, high } = limitsOf(space);
  const range = `${low[at % size]} to ${high[at % size]}`;
  const wanted = space.kind === 'box' ? `a number ${range}` : `a whole number ${range}`;
  return usageError(
    `environment ${name}, copy ${Math.floor(at / size)}: action[${at % size}] = ${actions[at]}, expected ${wanted}`,
  );
}

/**
 * A vector environment whose actions, rewards, observations and info are checked at every step, so that a bad number is
 * reported where it arises. Costs about a nanosecond a number.
 */
export function guarded<O extends Space, A extends ActionSpace>(
  vector: VectorEnvironment<O, A>,
  name: string,
): VectorEnvironment<O, A> {
  assertColumns(vector, name);
  const { count, observationSpace, actionSpace, observations, rewards, terminated, truncated } = vector;
  const { finalObservations, info, render, onEnd, snapshot, restore, copyState, setCopyState } = vector;
  countCall('made');
  const size = flatSize(observationSpace);
  const figures = Object.entries(info).map(([key, column]) => [`info.${key}`, column] as const);
  const check = () => {
    assertFinite(name, 'reward', rewards);
    assertFinite(name, 'observation', observations, size);
    for (const [field, column] of figures) assertFinite(name, field, column);
  };
  const checkEnds = () => {
    for (let i = 0; i < count; i++) {
      if (terminated[i] === 0 && truncated[i] === 0) continue;
      for (let k = i * size; k < (i + 1) * size; k++) {
        if (!Number.isFinite(finalObservations[k]))
          throw finiteError(name, 'final observation', finalObservations, k, size);
      }
    }
  };
  return {
    autoreset: 'same-step',
    ...{ count, observationSpace, actionSpace, observations, rewards, terminated, truncated },
    ...{ finalObservations, info },
    reset(options) {
      countCall('resets');
      vector.reset(options);
      check();
    },
    step(actions) {
      assertActions(name, actionSpace, count, actions);
      countCall('steps', count);
      vector.step(actions);
      check();
      checkEnds();
    },
    ...(render && { render: index => render.call(vector, index) }),
    ...(onEnd && { onEnd: look => onEnd.call(vector, look) }),
    ...(snapshot && { snapshot: () => snapshot.call(vector) }),
    ...(restore && { restore: from => restore.call(vector, from) }),
    ...(copyState && { copyState: index => copyState.call(vector, index) }),
    ...(setCopyState && { setCopyState: (index, state) => setCopyState.call(vector, index, state) }),
    close: () => vector.close(),
  };
}

/** @param size numbers a copy has in the column; left out: one, told without an index */
function assertFinite(name: string, field: string, column: Float32Array, size?: number): void {
  // The sum of float32 numbers cannot overflow a double, so it is finite exactly when all of them are.
  if (Number.isFinite(sum(column))) return;
  const at = column.findIndex(value => !Number.isFinite(value));
  throw finiteError(name, field, column, at, size);
}

function finiteError(
  name: string,
  field: string,
  column: Float32Array,
  at: number,
  size?: number,
): TroupeError {
  const element = size === undefined ? '' : `[${at % size}]`;
  const copy = Math.floor(at / (size ?? 1));
  return new TroupeError(
    `environment ${name}, copy ${copy}: ${field}${element} = ${column[at]}, expected a finite number`,
  );
}

/** In four lanes, because each addition waits for the one before it. */
function sum(column: Float32Array): number {
  const { length } = column;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a += column[i];
    b += column[i + 1];
    c += column[i + 2];
    d += column[i + 3];
  }
  for (; i < length; i++) a += column[i];
  return a + b + c + d;
}

/** Throws one line when a column has another type or length than the contract says, or no column can hold an action. */
export function assertColumns(vector: VectorEnvironment, name: string): void {
  actionSize(vector.actionSpace);
  const rows = vector.count * flatSize(vector.observationSpace);
  const expected: [string, unknown, Float32ArrayConstructor | Uint8ArrayConstructor, number][] = [
    ['observations', vector.observations, Float32Array, rows],
    ['rewards', vector.rewards, Float32Array, vector.count],
    ['terminated', vector.terminated, Uint8Array, vector.count],
    ['truncated', vector.truncated, Uint8Array, vector.count],
    ['finalObservations', vector.finalObservations, Float32Array, rows],
    ...Object.entries(vector.info).map(
      ([key, column]): [string, unknown, Float32ArrayConstructor, number] => [
        `info.${key}`,
        column,
        Float32Array,
        vector.count,
      ],
    ),
  ];
  for (const [field, column, type, length] of expected) {
    if (column instanceof type && column.length === length) continue;
    throw new TroupeError(
      `environment ${name}: ${field} = ${describe(column)}, expected ${type.name} of length ${length}`,
    );
  }
  if (vector.autoreset !== 'same-step')
    throw new TroupeError(
      `environment ${name}: autoreset = ${describe(vector.autoreset)}, expected 'same-step'`,
    );
}
