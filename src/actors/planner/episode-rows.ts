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
      observations: joined(this.#observations),
      actions: joined(this.#actions),
      rewards: Float32Array.from(rewards),
    };
  }
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((size, row) => size + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}
