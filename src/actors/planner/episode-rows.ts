import { concatenate } from '../../core/arrays.ts';
import type { Episode } from '../replay/episodes.ts';

/** Gathers an episode decision by decision, as a replay of sequences takes it. */
export class EpisodeRows {
  readonly #observations: Float32Array[] = [];
  readonly #actions: Float32Array[] = [];

  /** @param observation the first, copied */
  begin(observation: Float32Array): void {
    this.#observations.push(observation.slice());
  }

  /**
   * @param observation what the action led to, copied
   * @param action as the environment was given it, copied
   */
  add(observation: Float32Array, action: Float32Array): void {
    this.#observations.push(observation.slice());
    this.#actions.push(action.slice());
  }

  /** @param rewards one an action */
  episode(index: number, rewards: readonly number[]): Episode {
    return {
      index,
      observations: concatenate('float32', this.#observations),
      actions: concatenate('float32', this.#actions),
      rewards: Float32Array.from(rewards),
    };
  }
}
