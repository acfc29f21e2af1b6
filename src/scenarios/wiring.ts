import type { evaluator } from '../actors/evaluator.ts';
import { policyRef } from '../actors/policy.ts';
import { rollout } from '../actors/rollout.ts';
import type { PpoConfig } from '../learners/ppo/config.ts';
import { ppoLearner } from '../learners/ppo/learner.ts';
import { ppoPolicy, ppoPolicyConfig } from '../learners/ppo/networks.ts';
import { holdsReturns } from '../learners/shared/normalization.ts';
import type { Stage } from './contract.ts';
import {
  barriersOf,
  type HandleOf,
  type LearningCast,
  type LearningOptions,
  type LearningResult,
  lead,
  restorer,
  spacesOf,
  spawnJudge,
  teacherOf,
} from './lead.ts';

export { type EvaluatePolicy, evaluatePolicy } from './evaluate-policy.ts';
export type { Judgement } from './lead.ts';

/** The options that `castPpo` reads; a scenario may have more. */
export interface PpoOptions extends LearningOptions {
  readonly ppo: PpoConfig;
}

/** The actors of a PPO run. */
export interface PpoActors {
  /** Gives `policies`, `metrics` and `barriers`; takes `trajectories`. */
  readonly learner: HandleOf<typeof ppoLearner>;
  /** Give `trajectories`; take `policies`. */
  readonly rollouts: HandleOf<typeof rollout, true>;
  /** Answers calls: `evaluate` and `film`. */
  readonly evaluator: HandleOf<typeof evaluator>;
}

/** What `castPpo` casts around: the environment to learn, how it is judged and filmed, and who else takes part. */
export interface PpoCast extends LearningCast {
  /**
   * Links actors of your own to the cast: called when it is linked, awaited before learning begins. They are not part of
   * the checkpoints: where a run is resumed they begin anew.
   */
  readonly also?: (cast: PpoActors) => void | Promise<void>;
}

/** What `castPpo` gives `play` to return: figures of the summary, which checks read. */
export type PpoResult = LearningResult;

/** Casts PPO: a group of rollouts, the learner, an evaluator, and who they send to. Returns when the run is done. */
export async function castPpo(stage: Stage<PpoOptions>, cast: PpoCast): Promise<PpoResult> {
  const { system, record, options } = stage;
  const { environment } = cast;
  const { ppo } = options;
  const policy = policyRef(ppoPolicy, ppoPolicyConfig.strip().parse(ppo), await spacesOf(environment));
  const teacher = await teacherOf(stage, policy);
  const workers = ppo.workers ?? sharers(stage.threads, ppo.environments);
  const shape = {
    executor: stage.executor,
    policy,
    count: ppo.environments / workers,
    steps: ppo.horizon,
    lag: ppo.overlapped ? 1 : 0,
  } as const;
  const restore = restorer(stage);

  // Side by side: most of a start is loading modules and compiling.
  const [rollouts, learner, judge] = await Promise.all([
    system.spawn(
      rollout,
      { environment, ...shape },
      { copies: workers, ...cast.supervision, ...restore('rollouts') },
    ),
    system.spawn(ppoLearner, { ...shape, workers, ...barriersOf(options), ppo }, restore('learner')),
    spawnJudge(stage, cast, policy),
  ]);
  system.link(learner.outputs.policies, rollouts.inputs.policies);
  system.link(rollouts.outputs.trajectories, learner.inputs.trajectories);
  if (teacher && ppo.normalizeRewards && !holdsReturns(teacher.statistics)) {
    record.warn(
      `--init ${stage.init}: its policy was saved without the scale of rewards, which is measured anew`,
    );
  }
  return lead(stage, cast, {
    policy,
    learner,
    judge,
    actors: { rollouts },
    teacher,
    also: () => cast.also?.({ learner, rollouts, evaluator: judge }),
  });
}

/** As many workers as there are threads, or the next smaller number that shares the copies out evenly. */
function sharers(threads: number, copies: number): number {
  let workers = Math.min(threads, copies);
  while (copies % workers !== 0) workers--;
  return workers;
}
