import { z } from 'zod';
import type { MetricRow } from '../core/metric-rows.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Executor } from '../tensors/index.ts';
import type { ActorContext } from './contract.ts';
import { EpisodeStatistics } from './episode-statistics.ts';
import { policyRefSchema } from './policy.ts';
import { port, slab } from './runtime/define.ts';
import { policyFields, type Trajectory, trajectoryFields } from './trajectory.ts';
import { Rounds } from './trajectory-rounds.ts';

const positive = z.number().int().positive();

/** What every learner from trajectories is configured with, beside its method's own settings. */
export const learnerConfig = z.object({
  policy: policyRefSchema.describe('What is learnt.'),
  workers: positive.describe('Rollout workers whose trajectories make a round.'),
  count: positive.describe('Environment copies a worker.'),
  steps: positive.describe('Steps of every copy in a trajectory.'),
  lag: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .describe('As the rollouts have it.'),
  totalSteps: positive.describe('Environment steps to learn from; rounded up to whole rounds.'),
  evaluateEvery: positive.nullable().default(null).describe('Steps between evaluation barriers; null: none.'),
  checkpointEvery: positive
    .nullable()
    .default(null)
    .describe('Steps between checkpoint barriers; null: none.'),
});
export type LearnerConfig = z.output<typeof learnerConfig>;

export type Figures = Readonly<Record<string, number>>;

export type BarrierReason = 'evaluate' | 'checkpoint' | 'asked' | 'end';

/** Every actor of the run stands still until the learner is told to proceed. */
export interface Barrier {
  readonly step: number;
  /** Rows of metrics that the learner has sent in all, since the run's first start. */
  readonly sent: number;
  readonly reasons: readonly BarrierReason[];
}

export const learnerInputs = (config: LearnerConfig) => ({
  trajectories: slab(trajectoryFields({ ...config, spaces: config.policy.spaces })),
});
export const learnerOutputs = (config: LearnerConfig) => ({
  policies: slab(policyFields(config.policy)),
  metrics: port<MetricRow>(),
  barriers: port<Barrier>(),
});
export type LearnerContext<C extends LearnerConfig> = ActorContext<
  C,
  ReturnType<typeof learnerInputs>,
  ReturnType<typeof learnerOutputs>
>;

/** What a method brings; the shell does the rest. */
export interface LearningMethod {
  /**
   * Learns from one round: one trajectory a worker, in the workers' order. The slabs are the caller's again afterwards.
   * @param progress 0 in the first round, towards 1 in the last
   */
  learn(round: readonly Trajectory[], progress: number): Promise<Figures>;
  /** What its programs run on. */
  readonly executor: Executor;
  /** Writes the parameters of the policy to act with, all end to end. */
  writeParameters(out: Float32Array): void;
  /** Starts from another policy's parameters. */
  takeParameters(parameters: Float32Array): void;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
  dispose(): void;
}

interface ShellState {
  readonly rounds: number;
  /** The round after which the last barrier stood that the run has gone on from. */
  readonly barrier: number;
  /** Whether a restarted learner goes on by itself: it does not where it stood at a barrier. */
  readonly running: boolean;
  readonly method: Snapshot;
  readonly episodes: Snapshot;
  readonly waiting: Snapshot;
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
  let proceed: (() => void) | undefined;

  if (restored !== undefined) {
    const state = restored as unknown as ShellState;
    ({ rounds, barrier, running } = state);
    method.restore(state.method);
    episodes.restore(state.episodes);
    received.restore(state.waiting);
  }
  received.expect(rounds);
  inputs.trajectories.subscribe(trajectory => received.take(trajectory));

  /** For a restart: what rollouts have sent, they send again. */
  const state = () =>
    ({
      rounds,
      barrier,
      running,
      method: method.snapshot(),
      episodes: episodes.snapshot(),
      waiting: null,
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

  async function learnOne(): Promise<void> {
    const begun = clock.now();
    await outputs.policies.ready();
    outputs.policies.write(slot => {
      slot.version[0] = rounds;
      method.writeParameters(slot.parameters);
    });
    const round = await received.whole(rounds);
    const collected = clock.now();
    const policyLag = rounds - round[0].version[0];
    const figures = await method.learn(round, rounds / lastRound);
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

  async function standStill(): Promise<void> {
    // With a lag the next round is being collected already: its trajectories are part of where the run stands.
    if (lag > 0) await received.whole(rounds);
    const step = rounds * stepsPerRound;
    if (allowed < step) {
      const told = new Promise<void>(resolve => {
        proceed = resolve;
      });
      const due = reasons();
      asked = false;
      await outputs.barriers.ready();
      outputs.barriers.next({ step, sent: rounds, reasons: due });
      await told;
    }
    barrier = rounds;
  }

  async function run(): Promise<void> {
    running = true;
    while (!signal.aborted) {
      if (rounds !== barrier && reasons().length > 0) await standStill();
      if (rounds >= lastRound) return;
      save(state());
      await learnOne();
    }
  }

  if (running) void run();

  return {
    /** Starts, once everything is linked. */
    begin(): void {
      if (!running) void run();
    },
    /** Goes on from the barrier at a step. */
    proceed(step: number): void {
      allowed = step;
      proceed?.();
      // It was restarted while it stood at the barrier.
      if (!running) void run();
    },
    /** Asks for a barrier after the round under way. */
    ask(): void {
      asked = true;
    },
    executor: () => method.executor,
    policy(): { version: number; parameters: Float32Array } {
      const parameters = new Float32Array(config.policy.size);
      method.writeParameters(parameters);
      return { version: rounds, parameters };
    },
    /** Starts from another policy, before `begin`. */
    takePolicy(parameters: Float32Array): void {
      method.takeParameters(parameters);
    },
    /** At a barrier, which is not repeated when the run goes on from there; the last one is. */
    snapshot: () => ({
      ...state(),
      barrier: rounds < lastRound ? rounds : -1,
      running: false,
      waiting: received.snapshot(),
    }),
    stop: () => method.dispose(),
  };
}
