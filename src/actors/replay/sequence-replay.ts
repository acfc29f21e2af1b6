import { z } from 'zod';
import { asError, TroupeError, usageError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Need } from '../../data/contract.ts';
import { flatSize } from '../../env/spaces.ts';
import type { Spaces } from '../policy.ts';
import { defineActor, port, slab } from '../runtime/define.ts';
import { FinalError } from '../runtime/final-error.ts';
import { chunkFields } from './chunks.ts';
import { replayConfig } from './config.ts';
import { type Episode, EpisodeStore } from './episodes.ts';
import { checkMemory } from './memory.ts';
import { memoryRecords, recordBytes } from './records.ts';
import { spilledRecords } from './spill.ts';

const positive = z.number().int().positive();
const { memoryLimit, observations, spill } = replayConfig.shape;

/** What a replay of sequences is spawned with. */
export const sequenceReplayConfig = z.object({
  spaces: z.custom<Spaces>(
    value => typeof value === 'object' && value !== null && 'observation' in value && 'action' in value,
    'expected what is observed and done: { observation, action }',
  ),
  batch: positive.describe('B: chunks of a batch.'),
  length: positive.describe(
    'L: rows of a chunk. Shorter episodes are kept, but no chunk is drawn from them.',
  ),
  capacity: positive.default(100_000).describe('Rows held; the oldest episodes are forgotten as a whole.'),
  recent: z
    .strictObject({
      episodes: positive.describe('The last so many of those that a batch is drawn from count as recent.'),
      share: z.number().min(0).max(1).default(0.5).describe('Chance of each chunk to be one of theirs.'),
    })
    .nullable()
    .default(null)
    .describe(
      'Draws of recent episodes more often, as PlaNet’s released code does (`recent_loader`): half from those that came since it looked last, half from older ones. null: evenly from all.',
    ),
  memoryLimit,
  observations,
  spill,
});
/** `sequenceReplayConfig`, parsed. */
export type SequenceReplayConfig = z.output<typeof sequenceReplayConfig>;

/** Credit for batches of chunks. */
export interface ChunkNeed extends Need {
  /**
   * Draw from the first so many of all episodes, when they are all in: what is drawn then does not depend on who was faster.
   * Absent: from those that are there, as soon as there is one that is long enough.
   */
  readonly episodes?: number;
  /**
   * The number of the first batch. Batches that were sent before are sent again, the same ones if asked for with the same
   * `episodes`, and credit from before is forgotten: for a learner that was restarted. Absent: the one that comes next.
   */
  readonly from?: number;
}

interface SequenceState {
  readonly sent: number;
  readonly store: Snapshot;
  readonly waiting: readonly Snapshot[];
}

/** Episodes that may wait for an earlier one. */
const AHEAD = 64;

/**
 * Stores whole episodes and deals out chunks of them (as PlaNet trains on; Hafner et al., 2019), as far as it is given
 * credit. Episodes are numbered over all who collect; they are taken in by number, one that comes again is dropped. Which
 * chunks a batch holds follows from the run's seed, the batch's number and the episodes that it is drawn from alone.
 *
 * As of `replay`, what it holds is in its `snapshot` alone: spawn it with no restarts.
 */
export const sequenceReplay = defineActor(import.meta.url, {
  name: 'sequence-replay',
  config: sequenceReplayConfig,
  inputs: { episodes: port<Episode>(), needs: port<ChunkNeed>() },
  outputs: config => ({ chunks: slab(chunkFields(config)) }),

  start({ config, inputs, outputs, random, restored, signal, name, heartbeat, warn }) {
    const { spaces, batch, length, capacity, recent } = config;
    checkMemory(config, rows => memoryOf({ ...config, capacity: rows }));
    const records = { rows: capacity, size: flatSize(spaces.observation), type: config.observations };
    const held =
      config.spill === null
        ? memoryRecords(records)
        : spilledRecords(config.spill, name.replaceAll('/', '-'), records, heartbeat);
    const store = new EpisodeStore(spaces, capacity, length, held);
    /** Episodes that are not taken in yet, by number. */
    const waiting = new Map<number, Episode>();
    let needs: { left: number; readonly episodes: number | undefined }[] = [];
    let sent = 0;
    let busy = false;
    let told = false;

    if (restored !== undefined) {
      const state = restored as unknown as SequenceState;
      sent = state.sent;
      store.restore(state.store);
      for (const episode of state.waiting as unknown as readonly Episode[])
        waiting.set(episode.index, episode);
    }

    function takeIn(upTo: number): void {
      for (;;) {
        const episode = store.taken < upTo ? waiting.get(store.taken) : undefined;
        if (!episode) return;
        store.add(episode);
        waiting.delete(episode.index);
        const rows = episode.rewards.length + 1;
        if (rows >= length || told) continue;
        told = true;
        warn(`${name}: episode ${episode.index} has ${rows} rows: no chunk of ${length} is drawn from it`);
      }
    }

    /** Whether there is something to draw for a need. @throws where there never will be */
    function isReady(episodes: number | undefined): boolean {
      takeIn(episodes ?? Number.POSITIVE_INFINITY);
      if (episodes !== undefined && store.taken < episodes) return false;
      if (store.chunks(episodes ?? store.taken) > 0) return true;
      if (episodes === undefined) return false;
      throw usageError(
        `length = ${length}: expected at most the rows of the longest of ${episodes} episodes, ${store.longest}`,
      );
    }

    async function goOn(): Promise<void> {
      if (busy) return;
      busy = true;
      while (!signal.aborted && needs.length > 0 && isReady(needs[0].episodes)) {
        await outputs.chunks.ready();
        // Another need may have come instead meanwhile.
        const need = needs.at(0);
        if (!need || !isReady(need.episodes)) continue;
        const among = need.episodes ?? store.taken;
        outputs.chunks.write(slot => {
          store.fill(slot, batch, among, random.split('batch', sent), recent ?? undefined);
          slot.index[0] = sent;
          slot.episodes[0] = among;
        });
        sent++;
        need.left--;
        if (need.left === 0) needs.shift();
      }
      busy = false;
    }

    function takeNeed({ batches, episodes, from }: ChunkNeed): void {
      if (!Number.isSafeInteger(batches) || batches < 0) {
        throw usageError(`needs: batches = ${batches}: expected a whole number, 0 or more`);
      }
      if (from !== undefined) {
        sent = from;
        needs = [];
      }
      if (batches > 0) needs.push({ left: batches, episodes });
    }

    function takeEpisode(episode: Episode): void {
      if (episode.index >= store.taken) waiting.set(episode.index, episode);
      if (waiting.size > AHEAD && !waiting.has(store.taken)) {
        throw new TroupeError(`${waiting.size} episodes wait for number ${store.taken}: it is lost`);
      }
    }

    const fail = (error: unknown): void =>
      outputs.chunks.error(new FinalError(`${name}: ${asError(error).message}`, { cause: error }));
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        fail(error);
        return;
      }
      goOn().catch(fail);
    };
    inputs.episodes.subscribe(episode => attempt(() => takeEpisode(episode)));
    inputs.needs.subscribe(need => attempt(() => takeNeed(need)));

    return {
      holds: () => ({ episodes: store.held, taken: store.taken, rows: store.rows, longest: store.longest }),
      /** At a barrier, where all that was asked for is sent. */
      snapshot: () =>
        ({
          sent,
          store: store.snapshot(store.taken),
          waiting: [...waiting.values()].map(episode => ({ ...episode })),
        }) satisfies SequenceState,
      stop: () => held.close(),
    };
  },
});

function memoryOf({ spaces, capacity: rows, observations: type, spill }: SequenceReplayConfig) {
  const size = flatSize(spaces.observation);
  return {
    observations: recordBytes({ rows: spill === null ? rows : 1, size, type }),
    actions: 4 * rows * flatSize(spaces.action),
    rewards: 4 * rows,
  };
}
