import { asError } from '../core/errors.ts';
import type { MetricRow } from '../core/metric-rows.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { startExecutor as startAnother, tensorsHeld } from '../tensors/index.ts';
import type { ActorContext, Output, SlabOutput } from './contract.ts';
import { startExecutor } from './executor.ts';
import {
  type Barrier,
  type BarrierReason,
  BrokenLearning,
  type LearnerConfig,
  type LearningMethod,
  type Statistics,
} from './learner.ts';
import { FinalError } from './runtime/final-error.ts';
import type { PolicyFields } from './trajectory.ts';

type Shape = Pick<
  LearnerConfig,
  'policy' | 'workers' | 'count' | 'steps' | 'totalSteps' | 'evaluateEvery' | 'checkpointEvery'
>;
type Context = Pick<ActorContext<Shape, never, never>, 'config' | 'name' | 'signal' | 'restored' | 'save'> & {
  readonly outputs: {
    readonly policies: SlabOutput<PolicyFields>;
    readonly metrics: Output<MetricRow>;
    readonly barriers: Output<Barrier>;
  };
};
type Method = Pick<
  LearningMethod,
  'executor' | 'writeParameters' | 'statistics' | 'takeParameters' | 'snapshot' | 'restore' | 'dispose'
>;

/** A round that is to be learned from. */
export interface Round {
  /** From 0. */
  readonly round: number;
  /** 0 in the first round, towards 1 in the last. */
  readonly progress: number;
  /** Sends the policy, which asks for this round's experience. */
  request(): Promise<void>;
}

/** What a kind of learner does in its rounds, and what is its own of the state that is saved. */
export interface LearnerRounds {
  /** Asks for a round, learns from it and sends a row of figures, if one is due. */
  learn(round: Round): Promise<void>;
  /** Waits at a barrier for what is under way already, and is part of where the run stands. Absent: nothing is. */
  gather?(rounds: number): Promise<void>;
  /** Asks again, in a new life, for what was under way beside the next round. Absent: nothing was. */
  askAgain?(rounds: number, request: (version: number) => Promise<void>): Promise<void>;
  /** Rows of figures that were sent in the rounds so far. */
  rows(rounds: number): number;
  snapshot(): Readonly<Record<string, Snapshot>>;
}

interface ShellState {
  readonly rounds: number;
  /** The round after which the last barrier stood that the run has gone on from. */
  readonly barrier: number;
  /** Whether a restarted learner goes on by itself: it does not from a snapshot, which is taken at a barrier. */
  readonly running: boolean;
  /** A barrier has been asked for and is still to come. */
  readonly asked: boolean;
  /** What the method's update runs on, if that was found out by timing it. */
  readonly executor: string | null;
  readonly method: Snapshot;
}

/**
 * Sets what runs the programs of a learner's thread.
 * @returns what its update is to be compiled for: where `auto` has measured in an earlier life, what came of that, so
 *   that the rest of the run is the same, to the bit; `undefined` where nothing is known
 */
export async function startLearnerExecutor({
  config,
  restored,
  name,
  warn,
}: Pick<
  ActorContext<{ readonly executor: string }, never, never>,
  'config' | 'restored' | 'name' | 'warn'
>): Promise<string | undefined> {
  await startExecutor(config.executor);
  const before = (restored as unknown as ShellState | undefined)?.executor;
  if (config.executor !== 'auto' || !before) return undefined;
  try {
    // Beside the thread's own: learners that share it may have come to different ones.
    await startAnother(before);
    return before;
  } catch (error) {
    warn(
      `${name} ran on ${before}, which does not start here: the rest of the run may differ in its bits (${asError(error).message})`,
    );
    return undefined;
  }
}

/**
 * Leads a learner of any kind from round to round, and stops it at barriers: withholds the next policy, waits until
 * nothing is under way any more, and says so; `proceed` goes on. Nothing starts before `begin`; a learner that dies later
 * goes on by itself, with the round that it died in.
 * @param roundsOf called once, with the state that the actor was restored from, after the method has been
 */
export function runRounds(
  context: Context,
  method: Method,
  roundsOf: (restored: Snapshot | undefined, rounds: number) => LearnerRounds,
) {
  const { config, outputs, restored, signal, save } = context;
  const stepsPerRound = config.workers * config.count * config.steps;
  const lastRound = Math.ceil(config.totalSteps / stepsPerRound);
  let rounds = 0;
  let barrier = 0;
  let asked = false;
  let running = false;
  /** The step of the last barrier that may be left. */
  let allowed = -1;
  /** What an earlier life has found out to be the fastest. */
  let before: string | null = null;
  let standing: { readonly step: number; leave(): void } | undefined;

  if (restored !== undefined) {
    const state = restored as unknown as ShellState;
    ({ rounds, barrier, running, asked, executor: before = null } = state);
    method.restore(state.method);
  }
  const own = roundsOf(restored, rounds);

  const state = () =>
    ({
      rounds,
      barrier,
      running,
      asked,
      executor: method.executor.measured || method.executor.name === before ? method.executor.name : null,
      method: method.snapshot(),
      ...own.snapshot(),
    }) satisfies ShellState & Snapshot;

  function reasons(): BarrierReason[] {
    const step = rounds * stepsPerRound;
    const passed = (every: number | null) => every !== null && passes(every, step, stepsPerRound);
    const due: BarrierReason[] = [];
    if (passed(config.evaluateEvery)) due.push('evaluate');
    if (passed(config.checkpointEvery)) due.push('checkpoint');
    if (asked) due.push('asked');
    if (rounds >= lastRound) due.push('end');
    return due;
  }

  /** Sends the policy as a version, which asks for the rounds that this version is due to collect. */
  async function request(version: number): Promise<void> {
    await outputs.policies.ready();
    outputs.policies.write(slot => {
      slot.version[0] = version;
      method.writeParameters(slot.parameters);
    });
  }

  function broken(error: unknown): never {
    if (!(error instanceof BrokenLearning)) throw error;
    const step = ((rounds + 1) * stepsPerRound).toLocaleString('en');
    throw new FinalError(`${context.name} at step ${step}: ${error.message}`, { cause: error });
  }

  async function standStill(): Promise<void> {
    if (own.gather) {
      await own.gather(rounds);
      save(state());
    }
    const step = rounds * stepsPerRound;
    const due = reasons();
    asked = false;
    if (allowed < step) {
      const told = new Promise<void>(resolve => {
        standing = { step, leave: resolve };
      });
      await outputs.barriers.ready();
      outputs.barriers.next({ step, sent: own.rows(rounds), reasons: due });
      await told;
    }
    barrier = rounds;
    save(state());
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      // As soon as a round's row is sent: whenever the learner dies, a row is sent once.
      save(state());
      if (rounds !== barrier && reasons().length > 0) await standStill();
      if (rounds >= lastRound) return;
      const round = { round: rounds, progress: rounds / lastRound, request: () => request(rounds) };
      await own.learn(round).catch(broken);
      rounds++;
    }
  }

  /** Goes on where a life ended. */
  async function runAgain(): Promise<void> {
    await own.askAgain?.(rounds, request);
    await run();
  }

  // Nobody awaits a run: its error reaches the supervisor through an output.
  const fail = (error: unknown): void => outputs.metrics.error(error);

  function start(): void {
    if (running) return;
    running = true;
    run().catch(fail);
  }

  if (running) runAgain().catch(fail);

  return {
    /** Starts, once everything is linked. */
    begin: start,
    /** Goes on from the barrier at a step. */
    proceed(step: number): void {
      allowed = Math.max(allowed, step);
      // Whoever is told twice, since it died meanwhile, may be at the next one by now.
      if (standing && standing.step <= step) standing.leave();
      // Where it was restarted from the barrier's snapshot.
      start();
    },
    /** Asks for a barrier after the round under way. */
    ask(): void {
      asked = true;
    },
    executor: () => method.executor,
    /** What the executors of its thread hold; on the tensor host, for all that sit there. */
    tensors: () => tensorsHeld(),
    policy(): { version: number; parameters: Float32Array; statistics: Statistics } {
      const parameters = new Float32Array(config.policy.size);
      method.writeParameters(parameters);
      return { version: rounds, parameters, statistics: method.statistics?.() ?? {} };
    },
    /** Starts from another policy, before `begin`. @param statistics what was saved with it */
    takePolicy(parameters: Float32Array, statistics: Statistics = {}): void {
      method.takeParameters(parameters, statistics);
    },
    /** At a barrier, which is not repeated when the run goes on from there; the last one is. */
    snapshot: () => ({
      ...state(),
      barrier: rounds < lastRound ? rounds : -1,
      running: false,
      asked: false,
    }),
    stop: () => method.dispose(),
  };
}

/** Whether a multiple of `every` was passed, or met, in the `taken` steps before `step`. */
export const passes = (every: number, step: number, taken: number): boolean =>
  Math.floor(step / every) > Math.floor((step - taken) / every);
