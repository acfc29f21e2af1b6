import type { VectorEnvironment } from '../../env/contract.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import { type Chooser, playEpisodes } from '../evaluator-episodes.ts';
import type { Recording } from './file.ts';

/** What was seen and done in whole episodes: a recording without the environment’s name. */
export type Demonstrations = Omit<Recording, 'environment'>;

/**
 * Plays episodes as an evaluation does, and keeps what was seen and done: the same episodes, in the same order.
 * @param alive called now and then, to say that this takes its time
 * @param patience steps after which an episode is taken for one that never ends
 * @throws a usage error where one takes longer
 */
export function recordEpisodes(
  environment: VectorEnvironment,
  choose: Chooser,
  episodes: number,
  seed: number,
  alive: () => void = () => {},
  patience = Number.POSITIVE_INFINITY,
): Demonstrations {
  const { count } = environment;
  const spaces = { observation: environment.observationSpace, action: environment.actionSpace };
  const [seen, done] = [flatSize(spaces.observation), actionSize(spaces.action)];
  const steps: { observations: Float32Array; actions: Float32Array | Int32Array }[] = [];
  const watched: Chooser = now => {
    const actions = choose(now);
    steps.push({ observations: now.observations.slice(), actions: actions.slice() });
    return actions;
  };
  const { lengths, returns } = playEpisodes(environment, watched, episodes, seed, alive, patience);

  const total = lengths.reduce((sum, length) => sum + length, 0);
  const observations = new Float32Array(total * seen);
  const actions =
    spaces.action.kind === 'box' ? new Float32Array(total * done) : new Int32Array(total * done);
  let at = 0;
  let episode = 0;
  // A copy's episodes follow each other without a gap; what it played after its share is left out.
  for (let copy = 0; copy < Math.min(count, episodes); copy++) {
    const share = Math.floor(episodes / count) + (copy < episodes % count ? 1 : 0);
    let played = 0;
    for (let k = 0; k < share; k++) played += lengths[episode++];
    for (let t = 0; t < played; t++, at++) {
      observations.set(steps[t].observations.subarray(copy * seen, (copy + 1) * seen), at * seen);
      actions.set(steps[t].actions.subarray(copy * done, (copy + 1) * done), at * done);
    }
  }
  return {
    spaces,
    observations,
    actions,
    lengths: Int32Array.from(lengths),
    returns: Float32Array.from(returns),
  };
}
