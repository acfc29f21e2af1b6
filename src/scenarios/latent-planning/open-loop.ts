import type { Episode } from '../../actors/replay/index.ts';
import { Random } from '../../core/random.ts';
import { flatSize } from '../../env/spaces.ts';
import {
  compileImagination,
  type OpenLoopErrors,
  openLoopErrors,
  planetInit,
  planetModel,
} from '../../learners/planet/index.ts';
import type { PlanetActorConfig } from '../../learners/planet/messages.ts';
import type { PlanetParams } from '../../learners/planet/networks.ts';
import { type HostTensor, initTensors } from '../../tensors/index.ts';

/** How far a model sees ahead, along actions that were really taken and along those of other chunks. */
export interface OpenLoop {
  readonly reward: OpenLoopErrors;
  readonly observation: OpenLoopErrors;
  readonly shuffled: { readonly reward: OpenLoopErrors; readonly observation: OpenLoopErrors };
}

/** What is seen first, and how far it is imagined from there. */
export interface OpenLoopSize {
  /** Rows that are filtered. */
  readonly context: number;
  /** Rows that are imagined then. */
  readonly horizon: number;
}

/** Pieces of episodes, in rows as a replay has them: row t holds o_t, a_{t−1} and r_t. */
export interface Pieces extends OpenLoopSize {
  readonly count: number;
  /** [B × C × O] */
  readonly seen: Float32Array;
  /** [B × (C + H) × A] */
  readonly actions: Float32Array;
  /** What came after the context: [B × H × O] and [B × H]. */
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
}

/** Cuts episodes into pieces, one behind the other, `horizon` rows further each. What is left at an end is not used. */
export function piecesOf(
  episodes: readonly Episode[],
  { observation, action }: { readonly observation: number; readonly action: number },
  { context, horizon }: OpenLoopSize,
): Pieces {
  const length = context + horizon;
  const starts = episodes.flatMap(episode =>
    Array.from(
      { length: Math.max(0, Math.floor((episode.rewards.length + 1 - context) / horizon)) },
      (_, k) => ({ episode, at: k * horizon }),
    ),
  );
  const pieces = {
    ...{ context, horizon, count: starts.length },
    seen: new Float32Array(starts.length * context * observation),
    actions: new Float32Array(starts.length * length * action),
    observations: new Float32Array(starts.length * horizon * observation),
    rewards: new Float32Array(starts.length * horizon),
  };
  starts.forEach(({ episode, at }, b) => {
    const { observations, actions, rewards } = episode;
    const middle = (at + context) * observation;
    pieces.seen.set(observations.subarray(at * observation, middle), b * context * observation);
    pieces.observations.set(
      observations.subarray(middle, middle + horizon * observation),
      b * horizon * observation,
    );
    for (let t = 0; t < length; t++) {
      // No action leads to the first row of an episode.
      if (at + t === 0) continue;
      const from = (at + t - 1) * action;
      pieces.actions.set(actions.subarray(from, from + action), (b * length + t) * action);
    }
    for (let t = 0; t < horizon; t++) {
      pieces.rewards[b * horizon + t] = rewards[at + context + t - 1];
    }
  });
  return pieces;
}

/**
 * The actions of pieces, those after the context taken from another piece: the one that is half of all further on.
 * @returns [B × (C + H) × A]
 */
export function othersActions({ count, context, horizon, actions }: Pieces): Float32Array {
  const length = context + horizon;
  const size = count === 0 ? 0 : actions.length / (count * length);
  const others = actions.slice();
  for (let b = 0; b < count; b++) {
    const other = (b + Math.floor(count / 2)) % count;
    const from = (other * length + context) * size;
    others.set(actions.subarray(from, from + horizon * size), (b * length + context) * size);
  }
  return others;
}

/**
 * Open-loop prediction on episodes that were not learned from: the context is filtered, then the prior runs along the actions
 * that were taken. Errors are mean squared, over those of the best constant; numbers of a state count in the model's units.
 * What is predicted is the mean of several drawn futures: a model that doubts is not held to one of them. For states.
 */
export async function openLoopOf(
  model: PlanetActorConfig,
  parameters: Float32Array,
  episodes: readonly Episode[],
  {
    context = 5,
    horizon = 12,
    seed = 0,
    executor = 'auto',
  }: Partial<OpenLoopSize> & {
    readonly seed?: number;
    readonly executor?: string;
  } = {},
): Promise<OpenLoop> {
  const sizes = { observation: flatSize(model.spaces.observation), action: flatSize(model.spaces.action) };
  const pieces = piecesOf(episodes, sizes, { context, horizon });
  const units = model.planet.observationUnits;
  const inUnits = (values: Float32Array): Float32Array =>
    units ? values.map((value, i) => value / units[i % units.length]) : values;
  const truth = inUnits(pieces.observations);
  const program = await imagination(model, parameters, executor);
  try {
    const errors = async (actions: Float32Array) => {
      const drawn = [];
      for (let draw = 0; draw < draws; draw++) drawn.push(await program(pieces, actions, [seed, draw]));
      const observations = meanOf(drawn.map(each => each.observations));
      const rewards = meanOf(drawn.map(each => each.rewards));
      return {
        reward: openLoopErrors(rewards, pieces.rewards, horizon),
        observation: openLoopErrors(inUnits(observations), truth, horizon, sizes.observation),
      };
    };
    return { ...(await errors(pieces.actions)), shuffled: await errors(othersActions(pieces)) };
  } finally {
    program.dispose();
  }
}

/** Futures that a prediction is the mean of. */
const draws = 8;

const meanOf = (columns: readonly Float32Array[]): Float32Array =>
  columns[0].map((_, i) => columns.reduce((sum, column) => sum + column[i], 0) / columns.length);

/** The model's open-loop prediction as a function of pieces. */
export async function imagination(model: PlanetActorConfig, parameters: Float32Array, executor: string) {
  await initTensors(executor);
  const planet = planetModel(model.planet, model.spaces);
  const fresh = planetInit(Random.fromSeed(0), planet) as PlanetParams<HostTensor>;
  const program = await compileImagination(planet, fresh);
  program.state.setFlat('params', parameters);
  const { observation, action, stochastic } = planet.sizes;
  const imagine = async (
    { count, context, horizon, seen }: Pieces,
    actions: Float32Array,
    [seed, draw]: readonly [seed: number, draw: number],
  ) => {
    const length = context + horizon;
    const noise = new Float32Array(length * count * stochastic);
    Random.fromSeed(seed).split('open loop', draw).fillNormal(noise);
    const { observations, rewards } = await program({
      observations: { shape: [count, context, observation], data: seen },
      actions: { shape: [count, length, action], data: actions },
      noise: { shape: [length, count, stochastic], data: noise },
    });
    return {
      observations: Float32Array.from(observations.data),
      rewards: Float32Array.from(rewards.data),
    };
  };
  return Object.assign(imagine, { dispose: () => program.dispose() });
}
