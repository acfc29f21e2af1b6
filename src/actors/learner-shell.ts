import { asError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { startExecutor as startAnother, tensorsHeld } from '../tensors/index.ts';
import { EpisodeStatistics } from './episode-statistics.ts';
import { startExecutor } from './executor.ts';
import {
  type BarrierReason,
  BrokenLearning,
  type LearnerConfig,
  type LearnerContext,
  type LearningMethod,
  type Statistics,
} from './learner.ts';
import { FinalError } from './runtime/final-error.ts';
import { trajectoryFields } from './trajectory.ts';
import { Rounds } from './trajectory-rounds.ts';

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
  readonly episodes: Snapshot;
  readonly waiting: Snapshot;
}

/**
 * Sets what runs the programs of a learner's thread.
 * @returns what its update is to be compiled for: where `auto` has measured in an earlier life, what came of that, so
 *   that the rest of the run is the same, to the bit; `undefined` where nothing is known
 */
export async function startLearnerExecutor<C extends LearnerConfig>({
  config,
  restored,
  name,
  warn,
}: LearnerContext<C>): Promise<string | undefined> {
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
 * Runs a method as an actor: sends policy r, waits for round r of every worker, learns from it, and so on. Stops at
 * barriers: withholds the next policy, waits until every trajectory under way has arrived, and says so; `proceed` goes
 * on. Nothing starts before `begin`; a learner that dies later goes on by itself, with the round that it died in.
 */
export function runLearner<C extends LearnerConfig>(context: LearnerContext<C>, method: LearningMethod) {
  const { config, inputs, outputs, restored, signal, clock, save } = context;
  const { workers, count, steps, lag } = config;
  const stepsPerRound = workers * count * steps;
  const lastRound = Math.ceil(config.totalSteps / stepsPerRound);
  const received = new Rounds(trajectoryFields({ ...config, spaces: config.policy.spaces }), workers, lag);
  const episodes = new EpisodeStatistics();
  let rounds = 0;
  let barrier = 0;
  let asked = false;
  let running = false;
  /** The step of the last barrier that may be left. */
  let allowed = -1;
  /** What an earlier life has found out to be the fastest. */
  let before: string | null = null;
  /** Milliseconds for which a barrier waited for trajectories: collecting, that the next round is charged with. */
  let owed = 0;
  let standing: { readonly step: number; leave(): void } | undefined;

  if (restored !== undefined) {
    const state = restored as unknown as ShellState;
    ({ rounds, barrier, running, asked, executor: before = null } = state);
    method.restore(state.method);
    episodes.restore(state.episodes);
    received.restore(state.waiting);
  }
  received.expect(rounds);
  inputs.trajectories.subscribe(trajectory => received.take(trajectory));

  const state = () =>
    ({
      rounds,
      barrier,
      running,
      asked,
      executor: method.executor.measured || method.executor.name === before ? method.executor.name : null,
      method: method.snapshot(),
      episodes: episodes.snapshot(),
      waiting: received.snapshot(),
    }) satisfies ShellState & Snapshot;

  function reasons(): BarrierReason[] {
    const step = rounds * stepsPerRound;
    const passed = (every: number | null) =>
      every !== null && Math.floor(step / every) > Math.floor((step - stepsPerRound) / every);
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

  async function learnOne(): Promise<void> {
    const begun = clock.now() - owed;
    owed = 0;
    await request(rounds);
    const round = await received.whole(rounds);
    const collected = clock.now();
    const policyLag = rounds - round[0].version[0];
    const figures = await method.learn(round, rounds / lastRound).catch(broken);
    for (const trajectory of round) episodes.take(trajectory);
    rounds++;
    received.expect(rounds);
    const ended = clock.now();
    await outputs.metrics.ready();
    outputs.metrics.next({
      source: context.name,
      step: rounds * stepsPerRound,
      values: { ...episodes.figures(), ...figures, policy_lag: policyLag },
      time: {
        steps_per_second: (1000 * stepsPerRound) / Math.max(ended - begun, 1e-3),
        waiting_seconds: (collected - begun) / 1000,
        learning_seconds: (ended - collected) / 1000,
      },
    });
  }

  function broken(error: unknown): never {
    if (!(error instanceof BrokenLearning)) throw error;
    const step = ((rounds + 1) * stepsPerRound).toLocaleString('en');
    throw new FinalError(`${context.name} at step ${step}: ${error.message}`, { cause: error });
  }

  async function standStill(): Promise<void> {
    // With a lag the next round is being collected already: its trajectories are part of where the run stands.
    if (lag > 0) {
      const since = clock.now();
      await received.whole(rounds);
      owed = clock.now() - since;
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
      outputs.barriers.next({ step, sent: rounds, reasons: due });
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
      await learnOne();
    }
  }

  /** Goes on where a life ended. Asks again for what was under way, which may have come in after it was last saved. */
  async function runAgain(): Promise<void> {
    if (rounds > 0) await request(rounds - 1);
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
