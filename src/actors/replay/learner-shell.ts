import type { Snapshot } from '../../core/snapshot.ts';
import { passes, runRounds } from '../learner-rounds.ts';
import { type Helping, helpingFields } from './fields.ts';
import { BatchMeans, helpingFigures } from './figures.ts';
import { HelpingRounds } from './helping-rounds.ts';
import type { ReplayLearnerConfig, ReplayLearnerContext, ReplayMethod } from './learner.ts';

export { startLearnerExecutor } from '../learner-rounds.ts';

interface HelpingsState {
  /** Gradient steps so far. */
  readonly updates: number;
  /** Rows of figures that were sent. */
  readonly rows: number;
  /** What the next row is a mean of. */
  readonly means: Snapshot;
}

/**
 * Runs a method as an actor that learns from a replay: sends policy r, takes one gradient step for each batch of the
 * helpings of round r, gives their priorities back, and so on, with the barriers of `runRounds`. At one everything that
 * was asked for has been learned from; priorities of the last helping may still be on their way to the replay.
 */
export function runReplayLearner<C extends ReplayLearnerConfig>(
  context: ReplayLearnerContext<C>,
  method: ReplayMethod,
) {
  const { config, inputs, outputs, clock, heartbeat } = context;
  const { policy, batch, updates: most, reportEvery } = config;
  const stepsPerRound = config.workers * config.count * config.steps;
  const lastStep = Math.ceil(config.totalSteps / stepsPerRound) * stepsPerRound;
  const received = new HelpingRounds(helpingFields({ spaces: policy.spaces, batch, updates: most }));
  const means = new BatchMeans();
  const time = new Stopwatch(() => clock.now());
  let updates = 0;
  let rows = 0;

  async function learnFrom(helping: Helping, progress: number): Promise<void> {
    const [count] = helping.count;
    const { figures, errors } = await method.learn(helping, progress);
    means.add(figures, count);
    updates += count;
    time.updates += count;
    await outputs.priorities.ready();
    outputs.priorities.write(slot => {
      slot.round.set(helping.round);
      slot.helping.set(helping.helping);
      slot.count.set(helping.count);
      slot.indices.set(helping.indices);
      slot.errors.set(errors);
    });
  }

  async function report(step: number, last: Helping): Promise<void> {
    await outputs.metrics.ready();
    outputs.metrics.next({
      source: context.name,
      step,
      values: { ...helpingFigures(last), ...means.take(), updates },
      time: time.take(),
    });
    rows++;
  }

  return runRounds(context, method, (restored, done) => {
    if (restored !== undefined) {
      const state = restored as unknown as HelpingsState;
      ({ updates, rows } = state);
      means.restore(state.means);
    }
    received.expect(done);
    inputs.helpings.subscribe(helping => received.take(helping));

    return {
      async learn({ round, progress, request }) {
        time.start();
        await request();
        for (;;) {
          const helping = await received.next();
          time.waited();
          const last = helping.last[0] === 1;
          if (helping.count[0] > 0) await learnFrom(helping, progress);
          heartbeat();
          time.learned();
          if (!last) {
            received.giveBack(helping);
            continue;
          }
          received.expect(round + 1);
          time.steps += stepsPerRound;
          const step = (round + 1) * stepsPerRound;
          if (passes(reportEvery, step, stepsPerRound) || step === lastStep) await report(step, helping);
          received.giveBack(helping);
          return;
        }
      },
      rows: () => rows,
      snapshot: () => ({ updates, rows, means: means.snapshot() }),
    };
  });
}

/** Where the time since the last row went. A new life begins with none: times are not part of what a run repeats. */
class Stopwatch {
  readonly #now: () => number;
  #since = 0;
  #waiting = 0;
  #learning = 0;
  steps = 0;
  updates = 0;

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  start(): void {
    this.#since = this.#now();
  }

  waited(): void {
    const now = this.#now();
    this.#waiting += now - this.#since;
    this.#since = now;
  }

  learned(): void {
    const now = this.#now();
    this.#learning += now - this.#since;
    this.#since = now;
  }

  take() {
    const seconds = Math.max(this.#waiting + this.#learning, 1e-3) / 1000;
    const figures = {
      steps_per_second: this.steps / seconds,
      updates_per_second: this.updates / seconds,
      waiting_seconds: this.#waiting / 1000,
      learning_seconds: this.#learning / 1000,
    };
    this.#waiting = this.#learning = this.steps = this.updates = 0;
    return figures;
  }
}
