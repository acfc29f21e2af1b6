import type { Snapshot } from '../../core/snapshot.ts';
import type { EpisodeStatistics } from '../episode-statistics.ts';
import type { Figures } from '../learner.ts';
import type { Helping } from './fields.ts';

type Sums = Record<string, readonly [sum: number, batches: number]>;

/** Means of figures over the batches since the last row. */
export class BatchMeans {
  #sums: Sums = {};

  /** @param figures means over so many batches */
  add(figures: Figures, batches: number): void {
    if (batches === 0) return;
    for (const [name, value] of Object.entries(figures)) {
      const [sum, before] = this.#sums[name] ?? [0, 0];
      this.#sums[name] = [sum + value * batches, before + batches];
    }
  }

  /** The means; nothing where nothing was learned from. What is added next is of another row. */
  take(): Figures {
    const means = Object.entries(this.#sums).map(([name, [sum, batches]]) => [name, sum / batches] as const);
    this.#sums = {};
    return Object.fromEntries(means);
  }

  snapshot(): Snapshot {
    return { ...this.#sums };
  }

  restore(snapshot: Snapshot): void {
    this.#sums = { ...(snapshot as Sums) };
  }
}

/** Writes into a helping what is known of the episodes that have ended. */
export function tellOfEpisodes(statistics: EpisodeStatistics, out: Helping): void {
  const { episodes, episode_return: mean = 0, episode_length: length = 0 } = statistics.figures();
  out.episodes[0] = episodes;
  out.episodeReturn[0] = mean;
  out.episodeLength[0] = length;
}

/** What a helping says of episodes and the store. */
export const helpingFigures = ({
  stored: [stored],
  episodes: [episodes],
  episodeReturn: [episodeReturn],
  episodeLength: [episodeLength],
}: Helping): Figures => ({
  episodes,
  ...(episodes > 0 && { episode_return: episodeReturn, episode_length: episodeLength }),
  stored,
});
