import { usageError } from '../../core/errors.ts';
import type { MetricRow } from '../../core/metric-rows.ts';
import { described } from '../../core/places.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Stage } from '../contract.ts';
import { interrupted } from '../runner/interrupted.ts';
import type { Arm, Arms, ArmsState } from './contract.ts';
import { type Ending, endingOf } from './ending.ts';
import { comesAgain, openHouse } from './house.ts';
import type { LaneThreads, LearnerPlace } from './lane.ts';

/** What `openArms` takes. */
export interface ArmsOptions {
  /** Of all arms of all phases together. */
  readonly steps: number;
  /** Default `lane`. */
  readonly learners?: LearnerPlace;
}

/** An arm that was played, waiting for those before it. */
interface Played {
  readonly result: Snapshot;
  readonly rows: readonly MetricRow[];
}

/**
 * Opens the lanes that the arms of a run are played on, side by side. Arms are committed in their order: each one's rows,
 * then a checkpoint with its result. So a run that was interrupted or killed goes on after its last whole arm, and comes
 * to the same, whatever the number of lanes. Where an actor dies, the arms under way are played anew. The lanes end with
 * the run, whichever way it ends.
 */
export async function openArms(stage: Stage, { steps, learners = 'lane' }: ArmsOptions): Promise<Arms> {
  const { record, signal, seed, threads } = stage;
  const resumed = stage.resume?.state as ArmsState | undefined;
  const names: string[] = [...(resumed?.names ?? [])];
  const results: Snapshot[] = [...(resumed?.results ?? [])];
  let committed = resumed?.step ?? 0;
  let saved = resumed !== undefined;
  /** Steps of arms that are under way, or wait to be committed. */
  const underWay = new Map<string, number>();
  /** Of all phases of this sitting. */
  const seen = new Set<string>();
  let house = await openHouse(seed, learners, record.warn);
  let replays = 0;
  let closed = false;
  const close = (): Promise<void> => {
    closed = true;
    return house.system.stop();
  };
  stage.atEnd(close);

  const tell = (): void => {
    let step = committed;
    for (const part of underWay.values()) step += part;
    record.progress({ step, steps });
  };

  async function save(): Promise<void> {
    saved = true;
    await record.checkpoint(committed, { step: committed, names: [...names], results: [...results] });
  }

  async function playOne<R>(arm: Arm<R>, threads: LaneThreads, ending: Ending): Promise<Played> {
    const rows: MetricRow[] = [];
    underWay.set(arm.name, 0);
    const { lane, close } = threads.open(arm.name, seed, ending.signal, {
      row: row => void rows.push(row),
      progress(step) {
        underWay.set(arm.name, Math.min(step, arm.steps));
        tell();
      },
    });
    try {
      const played = arm.play(lane);
      played.catch(() => {}); // where the run ends first, nobody hears of it
      const result = await Promise.race([played, ending.ended, house.system.failed]);
      underWay.set(arm.name, arm.steps);
      tell();
      return { result: result as Snapshot, rows };
    } finally {
      await close();
    }
  }

  /** Plays what is not yet committed. @param played what earlier attempts have finished */
  async function attempt<R>(arms: readonly Arm<R>[], played: Map<Arm<R>, Played>): Promise<void> {
    const uncommitted = arms.filter(arm => !names.includes(arm.name));
    const waiting = uncommitted.filter(arm => !played.has(arm));
    const ending = endingOf(signal);
    let next = 0;
    let committing = Promise.resolve();
    const commitReady = async (): Promise<void> => {
      for (let arm = uncommitted[0]; arm; arm = uncommitted[0]) {
        const done = played.get(arm);
        if (!done) return;
        uncommitted.shift();
        for (const row of done.rows) record.metrics(row);
        names.push(arm.name);
        results.push(done.result);
        committed += arm.steps;
        underWay.delete(arm.name);
        await save();
      }
    };
    const run = async (index: number): Promise<void> => {
      const lane = house.lane(index);
      for (let arm = waiting[next++]; arm && !ending.signal.aborted; arm = waiting[next++]) {
        played.set(arm, await playOne(arm, lane, ending));
        committing = committing.then(commitReady);
        await committing;
      }
    };
    const running = Array.from({ length: Math.min(threads, waiting.length) }, (_, index) => run(index));
    try {
      await Promise.all(running);
    } finally {
      // One that failed ends the others.
      ending.end();
      await Promise.allSettled(running);
      await committing;
    }
  }

  async function playAll<R>(arms: readonly Arm<R>[]): Promise<void> {
    const played = new Map<Arm<R>, Played>();
    for (;;) {
      try {
        await attempt(arms, played);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const failure = await house.failure();
        if (!failure || closed) throw error;
        if (comesAgain(failure) || replays >= mostReplays) throw failure;
        replays++;
        record.warn(
          `${described(failure)}: the arms under way are played anew (${replays} of ${mostReplays})`,
        );
        house = await openHouse(seed, learners, record.warn);
      }
    }
  }

  return {
    async play<R>(arms: readonly Arm<R>[]) {
      for (const { name } of arms) mustBeNew(name, seen);
      try {
        await playAll(arms);
        if (signal.aborted) throw interrupted(committed);
      } catch (error) {
        // Where nothing is done yet, too: what is left behind can be gone on with.
        if (!saved && !closed) await save();
        await close();
        throw error;
      }
      return Object.fromEntries(arms.map(({ name }) => [name, results[names.indexOf(name)] as unknown as R]));
    },
    close,
  };
}

/** How often arms are played anew because one of their actors died. */
const mostReplays = 2;

function mustBeNew(name: string, seen: Set<string>): void {
  if (seen.has(name))
    throw usageError(`arms: two are called ${name}: expected names that differ in all phases`);
  seen.add(name);
}
