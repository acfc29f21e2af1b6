import { boundedActions } from '../../actors/bounded-actions.ts';
import { fillNoise, type PolicyPrograms } from '../../actors/policy-programs.ts';
import { concatenate } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { EnvironmentRef, VectorEnvironment } from '../../env/contract.ts';
import { loadEnvironment } from '../../env/define.ts';
import { actionSize, flatSize, sample } from '../../env/spaces.ts';
import type { Tuples } from './tuples.ts';

/** How episodes are played. */
export interface EpisodesAsked {
  readonly episodes: number;
  readonly seed: number;
  /** The policy, ready with its parameters, and whether its actions are drawn; or actions drawn evenly. */
  readonly player: { readonly programs: PolicyPrograms; readonly drawn: boolean } | 'random';
  /** At most so many at once. */
  readonly copies: number;
  /** Told before each step how many episodes are about to take one. */
  taking(steps: number): void;
  /** Called now and then, to say that this takes its time. */
  alive(): void;
}

/** How an episode went. */
interface PlayedEpisode {
  readonly rows: { observation: Float32Array; action: Float32Array; next: Float32Array }[];
  return: number;
}

/** Episodes that were played, in order. */
export interface TargetEpisodes {
  readonly returns: readonly number[];
  readonly tuples: Tuples;
}

/**
 * Plays whole episodes in waves of `copies`, each copy one. The environment's randomness comes from the seed and the place
 * in the wave, that of the player from the seed and the number of the episode: an episode of the first wave is the same however
 * many are played beside it. A copy whose episode is over is no longer
 * watched, nor told of: what it does until the wave ends, nobody learns.
 * @throws a usage error where the environment is not a box's, and what `taking` throws
 */
export async function playTargetEpisodes(
  target: EnvironmentRef,
  { episodes, seed, player, copies, taking, alive }: EpisodesAsked,
): Promise<TargetEpisodes> {
  const random = Random.fromSeed(seed);
  const played: PlayedEpisode[] = [];
  for (let wave = 0; played.length < episodes; wave++) {
    const count = Math.min(copies, episodes - played.length);
    const environment = await loadEnvironment(target, count);
    try {
      environment.reset({ seed: wave === 0 ? seed : random.split('wave', wave).uint32() });
      const streams = Array.from({ length: count }, (_, i) => random.split('player', played.length + i));
      const choose = chooserOf(environment, player, streams);
      played.push(...playWave(environment, choose, taking, alive));
    } finally {
      environment.close();
    }
  }
  return { returns: played.map(each => each.return), tuples: tuplesOf(played) };
}

function playWave(
  environment: VectorEnvironment,
  choose: () => Float32Array,
  taking: (steps: number) => void,
  alive: () => void,
): PlayedEpisode[] {
  const { count } = environment;
  const size = flatSize(environment.observationSpace);
  const episodes = Array.from({ length: count }, (): PlayedEpisode => ({ rows: [], return: 0 }));
  const over = new Uint8Array(count);
  for (let open = count; open > 0; ) {
    taking(open);
    const actions = choose();
    const width = actions.length / count;
    const before = environment.observations.slice();
    environment.step(actions);
    for (let i = 0; i < count; i++) {
      if (over[i] === 1) continue;
      over[i] = environment.terminated[i] | environment.truncated[i];
      open -= over[i];
      const after = over[i] === 1 ? environment.finalObservations : environment.observations;
      episodes[i].return += environment.rewards[i];
      episodes[i].rows.push({
        observation: before.slice(i * size, (i + 1) * size),
        action: actions.slice(i * width, (i + 1) * width),
        next: after.slice(i * size, (i + 1) * size),
      });
    }
    alive();
  }
  return episodes;
}

/** Rows that a policy's programs take: products of matrices round by how many there are, and an episode must not notice. */
const BLOCK = 32;

function chooserOf(
  environment: VectorEnvironment,
  player: EpisodesAsked['player'],
  streams: readonly Random[],
): () => Float32Array {
  const { count, actionSpace } = environment;
  if (actionSpace.kind !== 'box') throw usageError(`action space is ${actionSpace.kind}, expected a box`);
  const width = actionSize(actionSpace);
  const actions = new Float32Array(count * width);
  if (player === 'random') {
    return () => {
      for (let i = 0; i < count; i++) actions.set(sample(actionSpace, streams[i]) as Float32Array, i * width);
      return actions;
    };
  }
  const { programs, drawn } = player;
  const size = flatSize(environment.observationSpace);
  const observations = { shape: [BLOCK, size], data: new Float32Array(BLOCK * size) };
  const { kind, size: draws } = programs.noise;
  const noise = { shape: [BLOCK, draws], data: new Float32Array(BLOCK * draws) };
  const bounded = boundedActions(actionSpace, count);
  return () => {
    for (let from = 0; from < count; from += BLOCK) {
      const to = Math.min(count, from + BLOCK);
      observations.data.set(environment.observations.subarray(from * size, to * size));
      for (let i = from; drawn && i < to; i++)
        fillNoise(kind, streams[i], noise.data.subarray((i - from) * draws, (i - from + 1) * draws));
      const { data } = drawn ? programs.act(observations, noise) : programs.decide(observations);
      actions.set(data.subarray(0, (to - from) * width), from * width);
    }
    return bounded(actions) as Float32Array;
  };
}

function tuplesOf(played: readonly PlayedEpisode[]): Tuples {
  const rows = played.flatMap(episode => episode.rows);
  const joined = (column: 'observation' | 'action' | 'next'): Float32Array =>
    concatenate(
      'float32',
      rows.map(row => row[column]),
    );
  return {
    observations: joined('observation'),
    actions: joined('action'),
    next: joined('next'),
    lengths: played.map(episode => episode.rows.length),
  };
}
