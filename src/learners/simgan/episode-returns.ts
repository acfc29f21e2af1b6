import type { Trajectory } from '../../actors/trajectory.ts';
import type { Snapshot } from '../../core/snapshot.ts';

/** Returns of episodes whose rewards were replaced after they were collected. */
export class EpisodeReturns {
  readonly #returns: Float64Array;

  /** @param copies environment copies over all workers */
  constructor(copies: number) {
    this.#returns = new Float64Array(copies);
  }

  /** Writes the returns of the episodes that ended in a trajectory. @param firstCopy where its `count` copies begin */
  fill(
    { rewards, terminated, truncated, episodeReturns }: Trajectory,
    firstCopy: number,
    count: number,
  ): void {
    episodeReturns.fill(Number.NaN);
    for (let at = 0; at < rewards.length; at++) {
      const copy = firstCopy + (at % count);
      this.#returns[copy] += rewards[at];
      if (terminated[at] !== 1 && truncated[at] !== 1) continue;
      episodeReturns[at] = this.#returns[copy];
      this.#returns[copy] = 0;
    }
  }

  snapshot(): Float64Array {
    return this.#returns.slice();
  }

  restore(snapshot: Snapshot): void {
    this.#returns.set(snapshot as Float64Array);
  }
}
