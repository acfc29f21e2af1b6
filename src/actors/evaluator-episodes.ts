import { usageError } from '../core/errors.ts';
import type { Film, Scene } from '../core/scene.ts';
import type { VectorEnvironment } from '../env/contract.ts';

/** Whole episodes, in the order of the copies that played them. */
export interface Episodes {
  /** Sum of rewards. */
  readonly returns: readonly number[];
  /** Steps. */
  readonly lengths: readonly number[];
  /** Whether the task itself ended, rather than the time. */
  readonly terminated: readonly boolean[];
  /** The environment's figures at each episode's last step, by name. */
  readonly info: Readonly<Record<string, readonly number[]>>;
}

/** Gives the actions for the environment's current observations, within the bounds of its space. */
export type Chooser = (environment: VectorEnvironment) => Float32Array | Int32Array;

/**
 * Plays a number of episodes from a seed. Each copy plays a share that was fixed beforehand: taking the first episodes
 * to end, whoever played them, would favour short ones.
 * @param alive called now and then, to say that this takes its time
 * @param patience steps after which an episode is taken for one that never ends. Default: none are
 * @throws a usage error where one takes longer
 */
export function playEpisodes(
  environment: VectorEnvironment,
  choose: Chooser,
  episodes: number,
  seed: number,
  alive: () => void = () => {},
  patience = Number.POSITIVE_INFINITY,
): Episodes {
  const { count } = environment;
  const names = Object.keys(environment.info);
  const copies = Array.from({ length: count }, (_, i) => ({
    share: Math.floor(episodes / count) + (i < episodes % count ? 1 : 0),
    total: 0,
    steps: 0,
    ended: [] as { total: number; steps: number; terminated: boolean; info: number[] }[],
  }));
  let open = Math.min(count, episodes);
  environment.reset({ seed });
  for (let step = 1; open > 0; step++) {
    environment.step(choose(environment) as Float32Array);
    copies.forEach((copy, i) => {
      if (copy.ended.length >= copy.share) return;
      copy.total += environment.rewards[i];
      copy.steps++;
      const terminated = environment.terminated[i] === 1;
      if (!terminated && environment.truncated[i] !== 1) {
        if (copy.steps >= patience) throw endless(patience);
        return;
      }
      const info = names.map(name => environment.info[name][i]);
      copy.ended.push({ total: copy.total, steps: copy.steps, terminated, info });
      copy.total = 0;
      copy.steps = 0;
      if (copy.ended.length === copy.share) open--;
    });
    if (step % 32 === 0) alive();
  }
  const all = copies.flatMap(copy => copy.ended);
  return {
    returns: all.map(episode => episode.total),
    lengths: all.map(episode => episode.steps),
    terminated: all.map(episode => episode.terminated),
    info: Object.fromEntries(names.map((name, k) => [name, all.map(episode => episode.info[k])])),
  };
}

const endless = (patience: number) =>
  usageError(
    `an episode did not end within ${patience.toLocaleString('en')} steps, expected terminated or truncated by then: ` +
      'is maxEpisodeSteps missing?',
  );

/** What to film, and how fast it is shown. */
export interface FilmSettings {
  readonly title: string;
  readonly seed: number;
  /** Seconds that a step of the environment takes. */
  readonly dt: number;
  /** A frame every so many steps. Default 1. */
  readonly every?: number;
  /** The film ends after so many steps if the episode has not. Default: never. */
  readonly steps?: number;
}

/**
 * Films the first copy's episode that a seed starts. `undefined` where the environment draws nothing.
 * @param alive called now and then, to say that this takes its time
 */
export function filmEpisode(
  environment: VectorEnvironment,
  choose: Chooser,
  { title, seed, dt, every = 1, steps = Number.POSITIVE_INFINITY }: FilmSettings,
  alive: () => void = () => {},
): Film | undefined {
  if (!environment.render) return undefined;
  const frames: Scene[] = [];
  environment.reset({ seed });
  for (let step = 0; step < steps; step++) {
    if (step % every === 0) frames.push(environment.render(0));
    environment.step(choose(environment) as Float32Array);
    // From here on the scene is the next episode's.
    if (environment.terminated[0] === 1 || environment.truncated[0] === 1) break;
    if (step % 32 === 31) alive();
  }
  return { title, dt: dt * every, frames };
}

/** The mean of each figure of the episodes, as one row of metrics. */
export function episodeMeans({ returns, lengths, terminated, info }: Episodes) {
  return {
    return: mean(returns),
    length: mean(lengths),
    terminated: mean(terminated.map(Number)),
    ...Object.fromEntries(Object.entries(info).map(([name, values]) => [name, mean(values)])),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
