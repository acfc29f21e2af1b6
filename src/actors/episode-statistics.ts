import type { Snapshot } from '../core/snapshot.ts';

/** The columns that tell of the episodes that ended in a stretch of experience. */
interface Ended {
  readonly episodeReturns: Float32Array;
  readonly episodeLengths: Float32Array;
}

/** Figures over the last episodes that ended, in the order in which stretches of experience tell of them. */
export class EpisodeStatistics {
  /** How many episodes a mean is taken over, as SB3 and CleanRL do. */
  static readonly window = 100;
  #returns: number[] = [];
  #lengths: number[] = [];
  #ended = 0;

  take({ episodeReturns, episodeLengths }: Ended): void {
    for (let i = 0; i < episodeReturns.length; i++) {
      if (Number.isNaN(episodeLengths[i])) continue;
      this.#returns.push(episodeReturns[i]);
      this.#lengths.push(episodeLengths[i]);
      this.#ended++;
    }
    this.#returns = this.#returns.slice(-EpisodeStatistics.window);
    this.#lengths = this.#lengths.slice(-EpisodeStatistics.window);
  }

  /** Empty until an episode has ended. */
  figures(): { readonly [name: string]: number } {
    if (this.#ended === 0) return { episodes: 0 };
    return {
      episodes: this.#ended,
      episode_return: mean(this.#returns),
      episode_length: mean(this.#lengths),
    };
  }

  snapshot() {
    return {
      returns: [...this.#returns],
      lengths: [...this.#lengths],
      ended: this.#ended,
    } satisfies Snapshot;
  }

  restore(snapshot: Snapshot): void {
    const { returns, lengths, ended } = snapshot as ReturnType<EpisodeStatistics['snapshot']>;
    this.#returns = [...returns];
    this.#lengths = [...lengths];
    this.#ended = ended;
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
