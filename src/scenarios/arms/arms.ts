import { TroupeError } from '../../core/errors.ts';
import type { MetricRow } from '../../core/metric-rows.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Stage } from '../contract.ts';
import { interrupted } from '../runner/interrupted.ts';
import type { Arm, Arms, ArmsState } from './contract.ts';
import { LaneThreads, type LearnerPlace } from './lane.ts';

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
 * to the same, whatever the number of lanes.
 */
export async function openArms(stage: Stage, { steps, learners = 'lane' }: ArmsOptions): Promise<Arms> {
  const { system, record, signal, seed, threads } = stage;
  const resumed = stage.resume?.state as ArmsState | undefined;
  const names: string[] = [...(resumed?.names ?? [])];
  const results: Snapshot[] = [...(resumed?.results ?? [])];
  let committed = resumed?.step ?? 0;
  let saved = resumed !== undefined;
  const lanes: LaneThreads[] = [];
  /** Steps of arms that are under way, or wait to be committed. */
  const underWay = new Map<string, number>();

  const tell = (): void => {
    let step = committed;
    for (const part of underWay.values()) step += part;
    record.progress({ step, steps });
  };

  async function save(): Promise<void> {
    saved = true;
    await record.checkpoint(committed, { step: committed, names: [...names], results: [...results] });
  }

  stage.onFailure(async () => {
    if (!saved) await save();
  });

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
      const result = await Promise.race([played, ending.ended]);
      underWay.set(arm.name, arm.steps);
      tell();
      return { result: result as Snapshot, rows };
    } finally {
      await close();
    }
  }

  return {
    async play<R>(arms: readonly Arm<R>[]) {
      mustDiffer(arms);
      const waiting = arms.filter(arm => !names.includes(arm.name));
      const played = new Map<Arm<R>, Played>();
      let next = 0;
      let toCommit = 0;
      let committing = Promise.resolve();
      const commitReady = async (): Promise<void> => {
        for (let arm = waiting[toCommit]; arm; arm = waiting[toCommit]) {
          const done = played.get(arm);
          if (!done) return;
          toCommit++;
          for (const row of done.rows) record.metrics(row);
          names.push(arm.name);
          results.push(done.result);
          committed += arm.steps;
          underWay.delete(arm.name);
          await save();
        }
      };
      const ending = endingOf(signal);
      const run = async (index: number): Promise<void> => {
        lanes[index] ??= new LaneThreads(system, index, learners);
        for (let arm = waiting[next++]; arm && !ending.signal.aborted; arm = waiting[next++]) {
          played.set(arm, await playOne(arm, lanes[index], ending));
          committing = committing.then(commitReady);
          await committing;
        }
      };
      const running = Array.from({ length: Math.min(threads, waiting.length) }, (_, index) => run(index));
      try {
        await Promise.all(running);
        if (signal.aborted) throw interrupted(committed);
      } catch (error) {
        // One that failed ends the others.
        ending.end();
        await Promise.allSettled(running);
        if (!signal.aborted) throw error;
        await committing;
        if (!saved) await save();
        throw interrupted(committed);
      }
      return Object.fromEntries(arms.map(({ name }) => [name, results[names.indexOf(name)] as unknown as R]));
    },

    async close() {
      for (const lane of lanes) await lane.close();
    },
  };
}

function mustDiffer(arms: readonly Arm<unknown>[]): void {
  const names = arms.map(arm => arm.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new TroupeError(`arms: two are called ${twice}: their names must differ`);
}

/** How the arms that play at once end before they are done: all together, when the run is to stop or one has failed. */
interface Ending {
  readonly signal: AbortSignal;
  /** Rejects then. */
  readonly ended: Promise<never>;
  end(): void;
}

function endingOf(signal: AbortSignal): Ending {
  const controller = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(new TroupeError('the run was stopped')));
  });
  ended.catch(() => {}); // nobody may be waiting for it
  const end = () => controller.abort();
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return { signal: controller.signal, ended, end };
}
