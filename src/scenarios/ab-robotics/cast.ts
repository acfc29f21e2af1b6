import { join } from 'node:path';
import { askAgain } from '../../actors/ask-again.ts';
import type { LinkOptions, System } from '../../actors/contract.ts';
import type { EngineName } from '../../env/rapier/engine.ts';
import {
  analyst,
  type ConcealmentScan,
  concealmentScan,
  type GateLook,
  type LayerPlan,
  peekGate,
  type ScanState,
  trialLog,
  trialScheduler,
  weightStore,
} from '../../evaluation/actors/index.ts';
import { secretFromSeed } from '../../evaluation/assignment/assign.ts';
import type { Guard } from '../../evaluation/contract.ts';
import { operators } from './calendar.ts';
import { operator } from './operator.ts';
import { designOf } from './plans.ts';
import { robotCell } from './robot-cell.ts';
import { worldDrift } from './world-drift.ts';

/** An experiment in the robots' world: what is tried, how often, and where it is written down. */
export interface TrialsPlan {
  /** Of its actors and logs. */
  readonly name: string;
  readonly hypothesis: string;
  readonly layers: readonly LayerPlan[];
  readonly trials: number;
  readonly batch: number;
  readonly seed: number;
  readonly engine: EngineName;
  readonly drifts: boolean;
  /** Of the run. */
  readonly folder: string;
  /** Cells that play at once. */
  readonly workers: number;
  /** What earlier sittings read of messages for arms' names. */
  readonly scanned?: ScanState | undefined;
}

/** Who is told how it goes, and who may end it. */
export interface TrialsWatch {
  readonly signal: AbortSignal;
  /** After each batch that is logged. @param trials in the log so far @param scanned for arms' names so far */
  progress(trials: number, looks: readonly GateLook[], scanned: ScanState): void;
}

/** What came of it. */
export interface TrialsDone {
  /** Trials in the logs: all of them, unless it was ended. */
  readonly trials: number;
  /** The last hash of each log, by layer. */
  readonly heads: Readonly<Record<string, string>>;
  readonly concealment: Guard;
  readonly scanned: ScanState;
  /** Of the first layer, as they came. */
  readonly looks: readonly (readonly GateLook[])[];
}

/** A layer's log in a run's folder. */
export const logFile = (folder: string, name: string, layer: string): string =>
  join(folder, `${name}-${layer}.jsonl`);

/** Batches that may be assigned but not logged. The log's lines follow from it, so it does not follow from the workers. */
const window = 16;
/** Messages a link may hold: more than can be under way, so that the main thread never has to wait. */
const deep: LinkOptions = { depth: 256 };
/** Where all batches of a resumed run are told again at once. */
const deepest: LinkOptions = { depth: 65_536 };

/**
 * Plays an experiment: cells in threads of their own, whoever only passes on and writes down on the main one. What is
 * logged does not depend on the number of cells; a run that was ended goes on from its logs.
 */
export async function playTrials(system: System, plan: TrialsPlan, watch: TrialsWatch): Promise<TrialsDone> {
  const { name, layers, trials, batch, seed } = plan;
  const shape = { trials, batch, window };
  const secret = `${secretFromSeed(seed)} ${name}`;
  const on = (actor: string) => ({ on: 'main', name: `${name} ${actor}` }) as const;
  // What these have been told is not told twice: a later life would wait for it for ever. The logs are gone on with instead.
  const once = (actor: string) => ({ ...on(actor), restarts: { times: 0, within: 60_000 } });
  const log = await system.spawn(
    trialLog,
    {
      seed,
      files: layers.map(layer => ({
        layer: layer.name,
        file: logFile(plan.folder, name, layer.name),
        design: designOf(`${name} ${layer.name}`, plan.hypothesis, layer, trials),
      })),
      ...shape,
    },
    once('log'),
  );
  const done = await log.call.logged();
  const scheduler = await system.spawn(
    trialScheduler,
    { secret, layers: [...layers], ...shape },
    once('scheduler'),
  );
  const store = await system.spawn(weightStore, {}, once('store'));
  const joiner = await system.spawn(analyst, {}, once('analyst'));
  const gate = await system.spawn(
    peekGate,
    { layer: layers[0].name, arms: [...layers[0].arms], planned: trials },
    once('gate'),
  );
  const drift = await system.spawn(worldDrift, { seed, drifts: plan.drifts, ...shape }, on('drift'));
  const judges = await system.spawn(
    operator,
    { seed, ...(!plan.drifts && { spread: 0 }), ...shape },
    { ...on('operator'), copies: operators.length },
  );
  const cells = await system.spawn(
    robotCell,
    { seed, engine: plan.engine, from: done, ...shape },
    { name: `${name} cell`, copies: plan.workers },
  );

  system.link(cells.outputs.requests, drift.inputs.requests, deep);
  system.link(cells.outputs.requests, scheduler.inputs.requests, deep);
  system.link(cells.outputs.policyRequests, store.inputs.requests, deep);
  system.link(scheduler.outputs.shelves, store.inputs.shelves, deep);
  system.link(scheduler.outputs.orders, cells.inputs.orders, deep);
  system.link(drift.outputs.worlds, cells.inputs.worlds, deep);
  system.link(store.outputs.policies, cells.inputs.policies, deep);
  system.link(cells.outputs.played, judges.inputs.played, deep);
  system.link(judges.outputs.outcomes, log.inputs.outcomes, deep);
  system.link(scheduler.outputs.assigned, log.inputs.assigned, deep);
  system.link(log.outputs.logged, scheduler.inputs.logged, deep);
  system.link(scheduler.outputs.reveals, log.inputs.reveals, deepest);
  system.link(scheduler.outputs.reveals, joiner.inputs.reveals, deepest);
  system.link(log.outputs.rows, joiner.inputs.rows, deepest);
  system.link(joiner.outputs.joined, gate.inputs.joined, deepest);

  const names = layers.flatMap(({ arms }) => arms.map(arm => arm.name));
  const scan = concealmentScan(names, plan.scanned);
  watchLinks(scan, { scheduler, drift, store, cells, judges });
  const looks: (readonly GateLook[])[] = [];
  let logged = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      const told = gate.outputs.looks.subscribe(now => {
        looks.push(now);
        logged = now[0].trials;
        watch.progress(logged, now, scan.state);
        if (logged >= trials) end();
      });
      // What comes later, while the actors stop, is told by the log when it is gone on with.
      const end = () => {
        told.unsubscribe();
        watch.signal.removeEventListener('abort', end);
        resolve();
      };
      watch.signal.addEventListener('abort', end);
      if (watch.signal.aborted) end();
      const start = async () => {
        await log.call.tellAgain();
        await scheduler.call.begin(done);
        await askAgain(cells, () => cells.call.begin());
      };
      start().catch(reject);
    });
    const heads = logged >= trials ? await log.call.unblind() : {};
    return { trials: logged, heads, concealment: concealmentOf(scan, name), scanned: scan.state, looks };
  } finally {
    scan.stop();
    // Cells first: nobody may be left to send to who is gone.
    for (const actor of [cells, judges, drift, gate, joiner, store, scheduler, log]) await actor.stop();
  }
}

/** A run that was killed between its last trial and its checkpoint has no message left to read. */
function concealmentOf(scan: ConcealmentScan, name: string): Guard {
  const guard =
    scan.messages > 0
      ? scan.guard()
      : {
          passed: true,
          says: 'not tested: an earlier sitting played all trials, and did not save what it read',
        };
  return { ...guard, name: `${name}: concealment` };
}

/** Everything that cells and operators are sent, and send. */
function watchLinks(
  scan: ConcealmentScan,
  actors: Readonly<
    Record<'scheduler' | 'drift' | 'store' | 'cells' | 'judges', { readonly outputs: object }>
  >,
): void {
  const { orders } = actors.scheduler.outputs as Taps;
  scan.tap('orders', orders);
  for (const name of ['drift', 'store', 'cells', 'judges'] as const) {
    for (const [port, messages] of Object.entries(actors[name].outputs as Taps))
      scan.tap(`${name}.${port}`, messages);
  }
}
type Taps = Readonly<Record<string, Parameters<ConcealmentScan['tap']>[1]>>;
