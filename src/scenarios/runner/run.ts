import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startSystem } from '../../actors/runtime/system.ts';
import type { Checkpoint } from '../../core/checkpoint.ts';
import { TroupeError } from '../../core/errors.ts';
import { described } from '../../core/places.ts';
import { writeReport } from '../../report/report.ts';
import { type Summary, writeSummary } from '../../report/summary.ts';
import type { Scenario, Stage } from '../contract.ts';
import { judge, notMade } from './checks.ts';
import { commandLine } from './command-line.ts';
import { figuresOf, notFiniteIn } from './figures.ts';
import type { RunInfo } from './folder.ts';
import { Interrupted } from './interrupted.ts';
import { type OpenRecord, openRecord, playState } from './open-record.ts';
import type { RunView } from './view.ts';

/** What a run needs from whoever starts it. */
export interface Surroundings {
  readonly view: RunView;
  /** Aborted when the user asks to stop: the run goes on to its next barrier and saves there. */
  readonly signal: AbortSignal;
  /** Times the machine, for the summary. @param seconds how long the run took */
  probe?(seconds: number): Promise<Readonly<Record<string, number>>>;
}

/** One seed of a scenario, with its folder made and its `run.json` written. */
export interface Run {
  readonly scenario: Scenario;
  readonly options: object;
  readonly info: RunInfo;
  readonly folder: string;
  readonly from: Checkpoint | undefined;
  readonly index: number;
  readonly count: number;
}

/** A run that failed, with what it left behind. */
export class RunFailed extends TroupeError {
  override readonly name = 'RunFailed';
  /** What to resume. */
  readonly folder: string;
  /** The step it can be resumed from; `undefined` where nothing was saved. */
  readonly saved: number | undefined;

  constructor(message: string, folder: string, saved: number | undefined, cause: unknown) {
    super(message, { kind: cause instanceof TroupeError ? cause.kind : 'failure', cause });
    this.folder = folder;
    this.saved = saved;
  }
}

/**
 * Plays one seed to its end and writes its report and summary.
 * @throws `Interrupted` where it was stopped and saved, `RunFailed` where it failed
 */
export async function playOne(run: Run, { view, signal, probe }: Surroundings): Promise<Summary> {
  const savers: ((error: Error) => void | Promise<void>)[] = [];
  const enders: (() => void | Promise<void>)[] = [];
  const system = await startSystem({
    seed: run.info.seed,
    onFailure: async error => {
      for (const save of savers) await save(error);
    },
  });
  let failed = false;
  system.events.subscribe(({ type }) => {
    if (type === 'failed') failed = true;
  });
  let open: OpenRecord | undefined;
  try {
    const { scenario, info, folder, from, index, count } = run;
    open = await openRecord(system, folder, info, view, from);
    const resumedAt = from?.step;
    view.started({ ...info, summary: scenario.summary, folder, index, count, resumedAt });
    const stage: Stage<never> = {
      options: run.options as never,
      seed: info.seed,
      threads: info.threads,
      executor: info.executor,
      system,
      record: open.record,
      folder,
      signal,
      resume: from && { step: from.step, state: playState(from) },
      init: info.init ?? undefined,
      onFailure: save => void savers.push(save),
      atEnd: end => void enders.push(end),
    };
    const result = await Promise.race([scenario.play(stage), system.failed]);
    if (existsSync(join(folder, 'policy', 'policy.json'))) {
      // Only here: a scenario that learns nothing has no use for the tensors.
      const { keepOnnx } = await import('../export-policy.ts');
      await keepOnnx(folder, info, open.record.warn);
    }
    await open.close();
    return await conclude(run, open, result, view, probe);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    // Where an actor's failure made a call of `play` fail, the actor's error says more; savers may still be at work.
    const cause = failed ? await system.failed.catch((failure: unknown) => failure) : error;
    const { info, folder } = run;
    const message = `${info.scenario}, seed ${info.seed}: ${described(cause)}`;
    throw new RunFailed(message, folder, open?.saved, cause);
  } finally {
    await Promise.allSettled(enders.map(async end => end()));
    await system.stop();
  }
}

async function conclude(
  run: Run,
  open: OpenRecord,
  result: object,
  view: RunView,
  probe: Surroundings['probe'],
): Promise<Summary> {
  const { scenario, info, folder } = run;
  const checks = judge(scenario.checks, result, open.record.warn);
  const left = notMade(scenario.checks, checks);
  const { cores, cpu, memory, platform } = info.machine;
  const seconds = open.seconds();
  const timed = await probe?.(seconds);
  const notFinite = notFiniteIn(result);
  const summary: Summary = {
    scenario: scenario.name,
    about: scenario.summary,
    // Timed again, another executor may be the faster one: its name keeps it.
    command: commandLine(scenario, open.measured === undefined ? info : { ...info, executor: open.executor }),
    seed: info.seed,
    options: info.options,
    seconds,
    steps: open.steps,
    stepsPerSecond: open.stepsPerSecond,
    executor: open.executor,
    ...(open.measured !== undefined && { measured: open.measured }),
    metrics: figuresOf(result),
    ...(notFinite.length > 0 && { notFinite }),
    checks,
    ...(left.length > 0 && { notMade: left }),
    passed: checks.every(check => check.pass),
    versions: info.versions,
    machine: { cpu, cores, memoryBytes: memory * 2 ** 30, system: platform, probe: timed ?? {} },
    warnings: [...open.warnings],
    restarts: open.restarts,
  };
  writeSummary(folder, summary);
  await writeReport(folder, summary);
  view.finished(summary, folder);
  return summary;
}

export const reportOf = (folder: string): string => join(folder, 'report.html');
