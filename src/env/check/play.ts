import { Random } from '../../core/random.ts';
import type { ActionColumn, Environment, Step, VectorEnvironment } from '../contract.ts';
import { flatten } from '../flatten.ts';
import { type ActionSpace, actionSize, flatSize, type Space, sample, type ValueOf } from '../spaces.ts';

/** One step as plain numbers, to be compared bit by bit. */
export interface Moment {
  readonly observation: Float32Array;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: Readonly<Record<string, number>>;
}

export interface PlayOptions {
  /** Left out: the episode goes on from where it stands. */
  readonly seed?: number;
  readonly steps: number;
  /** Chooses the actions. */
  readonly actions?: number;
  /** Called between steps. */
  readonly between?: () => void;
}

/** Plays random actions, resetting where an episode ends. @returns the reset and the steps, in order */
export function play(environment: Environment, options: PlayOptions): Moment[] {
  const random = Random.fromSeed(options.actions ?? 0);
  const moments: Moment[] = [];
  if (options.seed !== undefined) moments.push(begin(environment, options.seed));
  for (let k = 0; k < options.steps; k++) {
    options.between?.();
    const step = environment.step(sample(environment.actionSpace, random));
    moments.push(momentOf(environment, step));
    if (step.terminated || step.truncated) moments.push(begin(environment));
  }
  return moments;
}

/** Starts an episode. @param seed left out: the next one of the stream */
export function begin(environment: Environment, seed?: number): Moment {
  const begun = environment.reset(seed === undefined ? {} : { seed });
  return momentOf(environment, { ...begun, reward: 0, terminated: false, truncated: false });
}

function momentOf(environment: Environment, step: Step<ValueOf<Space>>): Moment {
  const { reward, terminated, truncated, info } = step;
  return {
    observation: flat(environment, step.observation),
    reward,
    terminated,
    truncated,
    info: { ...info },
  };
}

export function flat(environment: Environment, observation: ValueOf<Space>): Float32Array {
  const out = new Float32Array(flatSize(environment.observationSpace));
  flatten(environment.observationSpace, observation, out);
  return out;
}

/** The first place where two plays part, in one line. */
export function difference(one: readonly Moment[], other: readonly Moment[]): string | undefined {
  for (let t = 0; t < Math.min(one.length, other.length); t++) {
    const [a, b] = [one[t], other[t]];
    const seen =
      arrayDifference('observation', a.observation, b.observation) ??
      (Object.is(a.reward, b.reward) ? undefined : `reward ${a.reward} and ${b.reward}`) ??
      (a.terminated === b.terminated ? undefined : `terminated ${a.terminated} and ${b.terminated}`) ??
      (a.truncated === b.truncated ? undefined : `truncated ${a.truncated} and ${b.truncated}`) ??
      Object.keys(a.info)
        .filter(name => !Object.is(a.info[name], b.info[name]))
        .map(name => `info.${name} ${a.info[name]} and ${b.info[name]}`)[0];
    if (seen) return `after ${t} steps: ${seen}`;
  }
  return one.length === other.length ? undefined : `${one.length} and ${other.length} steps`;
}

export function arrayDifference(
  what: string,
  one: ArrayLike<number>,
  other: ArrayLike<number>,
): string | undefined {
  for (let i = 0; i < one.length; i++) {
    if (!Object.is(one[i], other[i])) return `${what}[${i}] ${one[i]} and ${other[i]}`;
  }
  return undefined;
}

export const isSame = (one: ArrayLike<number>, other: ArrayLike<number>): boolean =>
  !arrayDifference('', one, other);

/** Copies in the vector environments that are looked at. */
export const count = 3;

/** Where the actions of each copy come from. */
export const streamsOf = (seed: number): Random[] =>
  Array.from({ length: count }, (_, i) => Random.fromSeed(seed).split(i));

/** A vector environment's columns, copied. */
export type Row = Readonly<Record<string, Float32Array | Uint8Array>>;

/** Plays random actions on every copy; with `only`, the others' actions come from another stream. */
export function playVector(
  vector: VectorEnvironment,
  options: PlayOptions & { readonly only?: number; readonly others?: number },
): Row[] {
  const streams = Array.from({ length: vector.count }, (_, i) =>
    Random.fromSeed(
      options.only === undefined || options.only === i ? (options.actions ?? 0) : (options.others ?? 0),
    ).split(i),
  );
  const rows: Row[] = [];
  if (options.seed !== undefined) {
    vector.reset({ seed: options.seed });
    rows.push(columnsOf(vector));
  }
  for (let k = 0; k < options.steps; k++) {
    options.between?.();
    vector.step(randomActions(vector, streams));
    rows.push(columnsOf(vector));
  }
  return rows;
}

/** A column of random actions, copy `i`'s from stream `i`. */
export function randomActions(
  vector: VectorEnvironment,
  streams: readonly Random[],
): ActionColumn<ActionSpace> {
  const { actionSpace, count } = vector;
  const size = actionSize(actionSpace);
  const column = actionSpace.kind === 'box' ? new Float32Array(count * size) : new Int32Array(count * size);
  for (let i = 0; i < count; i++) {
    const action = sample(actionSpace, streams[i]);
    if (typeof action === 'number') column[i] = action;
    else column.set(action as Float32Array, i * size);
  }
  return column;
}

export function columnsOf(vector: VectorEnvironment): Row {
  const { observations, rewards, terminated, truncated, finalObservations } = vector;
  const size = flatSize(vector.observationSpace);
  const final = finalObservations.slice();
  // A row of the final observations means something only where an episode has just ended.
  for (let i = 0; i < vector.count; i++) {
    if (terminated[i] === 0 && truncated[i] === 0) final.fill(0, i * size, (i + 1) * size);
  }
  const info = Object.entries(vector.info).map(([name, column]) => [`info.${name}`, column.slice()] as const);
  return {
    observations: observations.slice(),
    rewards: rewards.slice(),
    terminated: terminated.slice(),
    truncated: truncated.slice(),
    finalObservations: final,
    ...Object.fromEntries(info),
  };
}

/** The first place where the columns of two plays part. @param copy look at this copy alone */
export function rowDifference(one: readonly Row[], other: readonly Row[], copy?: number): string | undefined {
  for (let t = 0; t < Math.min(one.length, other.length); t++) {
    for (const name in one[t]) {
      const [a, b] = [one[t][name], other[t][name]];
      const size = a.length / one[t]['rewards'].length;
      const [from, to] = copy === undefined ? [0, a.length] : [copy * size, (copy + 1) * size];
      const seen = arrayDifference(name, a.subarray(from, to), b.subarray(from, to));
      if (seen) return `after ${t} steps: ${seen}`;
    }
  }
  return undefined;
}
