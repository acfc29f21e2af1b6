import type { Snapshot } from '../core/snapshot.ts';
import { EpisodeStatistics } from './episode-statistics.ts';
import type { LearnerConfig, LearnerContext, LearningMethod } from './learner.ts';
import { runRounds } from './learner-rounds.ts';
import { trajectoryFields } from './trajectory.ts';
import { Rounds } from './trajectory-rounds.ts';

export { startLearnerExecutor } from './learner-rounds.ts';

interface TrajectoriesState {
  readonly episodes: Snapshot;
  readonly waiting: Snapshot;
}

/**
 * Runs a method as an actor: sends policy r, waits for round r of every worker, learns from it, and so on, with the
 * barriers of `runRounds`, at which every trajectory under way has arrived.
 */
export function runLearner<C extends LearnerConfig>(context: LearnerContext<C>, method: LearningMethod) {
  const { config, inputs, outputs, clock } = context;
  const { workers, count, steps, lag } = config;
  const stepsPerRound = workers * count * steps;
  const received = new Rounds(trajectoryFields({ ...config, spaces: config.policy.spaces }), workers, lag);
  const episodes = new EpisodeStatistics();
  /** Milliseconds for which a barrier waited for trajectories: collecting, that the next round is charged with. */
  let owed = 0;

  return runRounds(context, method, (restored, done) => {
    if (restored !== undefined) {
      const state = restored as unknown as TrajectoriesState;
      episodes.restore(state.episodes);
      received.restore(state.waiting);
    }
    received.expect(done);
    inputs.trajectories.subscribe(trajectory => received.take(trajectory));

    return {
      async learn({ round: number, progress, request }) {
        const begun = clock.now() - owed;
        owed = 0;
        await request();
        const round = await received.whole(number);
        const collected = clock.now();
        const policyLag = number - round[0].version[0];
        const figures = await method.learn(round, progress);
        for (const trajectory of round) episodes.take(trajectory);
        received.expect(number + 1);
        const ended = clock.now();
        await outputs.metrics.ready();
        outputs.metrics.next({
          source: context.name,
          step: (number + 1) * stepsPerRound,
          values: { ...episodes.figures(), ...figures, policy_lag: policyLag },
          time: {
            steps_per_second: (1000 * stepsPerRound) / Math.max(ended - begun, 1e-3),
            waiting_seconds: (collected - begun) / 1000,
            learning_seconds: (ended - collected) / 1000,
          },
        });
      },

      // With a lag the next round is being collected already: its trajectories are part of where the run stands.
      ...(lag > 0 && {
        async gather(rounds: number) {
          const since = clock.now();
          await received.whole(rounds);
          owed = clock.now() - since;
        },
      }),

      // What was under way may have come in after the last life was saved.
      async askAgain(rounds, request) {
        if (rounds > 0) await request(rounds - 1);
      },

      rows: rounds => rounds,
      snapshot: () => ({ episodes: episodes.snapshot(), waiting: received.snapshot() }),
    };
  });
}
