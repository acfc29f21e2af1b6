import { asError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import { EpisodeStatistics } from '../episode-statistics.ts';
import { defineActor, slab } from '../runtime/define.ts';
import { FinalError } from '../runtime/final-error.ts';
import { type ReplayConfig, replayConfig } from './config.ts';
import { type Draws, PrioritizedDraws, uniformDraws } from './draws.ts';
import { helpingFields, type Priorities, priorityFields, transitionFields } from './fields.ts';
import { tellOfEpisodes } from './figures.ts';
import { type Drawn, helpingWriter } from './helpings.ts';
import { Limiter } from './limiter.ts';
import { checkMemory, replayMemory } from './memory.ts';
import { memoryRecords } from './records.ts';
import { spilledRecords } from './spill.ts';
import { rowsOfStore, Store } from './store.ts';
import { Stretches } from './stretches.ts';

interface ReplayState {
  readonly store: Snapshot;
  readonly draws: Snapshot;
  readonly limiter: Snapshot;
  readonly stretches: Snapshot;
  readonly episodes: Snapshot;
}

const shapeOf = (config: ReplayConfig) => ({ ...config, spaces: config.policy.spaces });

/**
 * Stores experience and deals it out. Takes in a round when every worker's stretch of it is there, in the workers' order,
 * then sends its helpings: as many batches as the limiter says are due, up to `updates` in one, the last one marked; an empty
 * one where none is due. The next round is taken in when all of them are sent, so what is drawn follows from the seed alone.
 *
 * Where it is prioritised a helping is drawn when the priorities of the one before are in (of every helping but an empty
 * one), and a round is over when those of its last are. A round that comes again as a whole, since a learner was
 * restarted, is answered with the same helpings again; priorities that come again are dropped.
 *
 * What it holds is in its `snapshot`, which waits for the end of the round; it saves nothing between. So it is to be spawned
 * with no restarts; one that is restarted all the same, and has lost a round, ends the run.
 */
export const replay = defineActor(import.meta.url, {
  name: 'replay',
  config: replayConfig,
  inputs: config => ({
    transitions: slab(transitionFields(shapeOf(config))),
    priorities: slab(priorityFields(config)),
  }),
  outputs: config => ({ helpings: slab(helpingFields(shapeOf(config))) }),

  start({ config, inputs, outputs, random, restored, signal, name, heartbeat }) {
    const { policy, workers, count, steps, batch, updates, nStep, gamma, prioritized, spill } = config;
    checkMemory(config, capacity => replayMemory({ ...config, capacity }));
    const shape = { ...shapeOf(config), streams: workers * count };
    const rows = rowsOfStore(shape);
    const size = flatSize(policy.spaces.observation);
    const records = { rows, size, type: config.observations };
    const byPriority = prioritized
      ? new PrioritizedDraws(rows, prioritized, random.split('draws'))
      : undefined;
    const store = new Store(
      shape,
      spill === null
        ? memoryRecords(records)
        : spilledRecords(spill, name.replaceAll('/', '-'), records, heartbeat),
      byPriority,
    );
    const draws: Draws = byPriority ?? uniformDraws(store, random.split('draws'));
    const limiter = new Limiter(config);
    const episodes = new EpisodeStatistics();
    const stretches = new Stretches(transitionFields(shapeOf(config)), workers);
    const write = helpingWriter(store, nStep, gamma, actionSize(policy.spaces.action), size);

    /** The helpings of the round that was taken in last, and how many of them are sent. */
    let drawn: Drawn[] = [];
    let sent = 0;
    /** The helping whose priorities are awaited, -1 for none. */
    let awaited = -1;
    let busy = false;
    const waiting: (() => void)[] = [];

    if (restored !== undefined) {
      const state = restored as unknown as ReplayState;
      store.restore(state.store);
      draws.restore(state.draws);
      limiter.restore(state.limiter);
      stretches.restore(state.stretches);
      episodes.restore(state.episodes);
    }

    function takeIn(): void {
      const round = stretches.next;
      stretches.pass().forEach((stretch, worker) => {
        store.insert(stretch, steps, count, worker * count);
        episodes.take(stretch);
        heartbeat();
      });
      limiter.insert(workers * count * steps);
      drawn = [];
      sent = 0;
      drawNext(round);
    }

    function drawNext(round: number): void {
      // Where no row has all its steps yet, what is due stays due.
      const due = store.drawable > 0 ? Math.max(0, limiter.due) : 0;
      const filled = Math.min(updates, due);
      const indices = new Int32Array(filled * batch);
      const weights = new Float32Array(filled * batch);
      for (let u = 0; u < filled; u++) {
        draws.draw(indices, weights, u * batch, batch, limiter.drawn);
        limiter.draw(1);
      }
      const helping = drawn.length;
      drawn.push({ round, helping, count: filled, last: filled === due, indices, weights });
      if (byPriority && filled > 0) awaited = helping;
    }

    /** Does what is to be done next, until there is nothing to do but wait. */
    async function goOn(): Promise<void> {
      if (busy) return;
      busy = true;
      while (!signal.aborted) {
        const last = drawn.at(-1);
        if (sent < drawn.length) {
          await outputs.helpings.ready();
          const next = drawn[sent++];
          outputs.helpings.write(slot => {
            write(next, slot);
            tellOfEpisodes(episodes, slot);
          });
        } else if (awaited >= 0) break;
        else if (last && !last.last) drawNext(last.round);
        else if (stretches.whole) takeIn();
        else break;
      }
      busy = false;
      if (atRest()) for (const resolve of waiting.splice(0)) resolve();
    }

    const atRest = () => !busy && awaited < 0 && sent === drawn.length && (drawn.at(-1)?.last ?? true);

    function takePriorities(priorities: Priorities): void {
      const [helping] = priorities.helping;
      if (!byPriority || helping !== awaited || priorities.round[0] !== stretches.next - 1) return;
      const { indices } = drawn[helping];
      byPriority.update(indices, priorities.errors as Float32Array, indices.length);
      awaited = -1;
    }

    /** What is stored died with this life: the run goes on from a checkpoint, or not at all. */
    const fail = (error: unknown): void =>
      outputs.helpings.error(new FinalError(`${name}: ${asError(error).message}`, { cause: error }));
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        fail(error);
        return;
      }
      goOn().catch(fail);
    };
    inputs.transitions.subscribe(stretch =>
      attempt(() => {
        if (stretches.take(stretch) === 'again') sent = 0;
      }),
    );
    inputs.priorities.subscribe(priorities => attempt(() => takePriorities(priorities)));

    return {
      /** What it holds, and the bytes that takes in memory. */
      holds: () => ({
        stored: store.stored,
        drawable: store.drawable,
        inserted: limiter.inserted,
        drawn: limiter.drawn,
        bytes: store.bytes,
      }),
      async snapshot() {
        while (!atRest()) await new Promise<void>(resolve => void waiting.push(resolve));
        return {
          store: store.snapshot(limiter.inserted),
          draws: draws.snapshot(),
          limiter: limiter.snapshot(),
          stretches: stretches.snapshot(),
          episodes: episodes.snapshot(),
        } satisfies ReplayState;
      },
      stop: () => store.observations.close(),
    };
  },
});
