import { resolve } from 'node:path';
import type { z } from 'zod';
import type { ActorHandle, SpawnOptions, System } from '../actors/contract.ts';
import type { evaluator } from '../actors/evaluator.ts';
import type { PolicyRef, Spaces } from '../actors/policy.ts';
import { explorer } from '../actors/replay/explorer.ts';
import type {
  replayLearnerConfig,
  replayLearnerInputs,
  replayLearnerOutputs,
} from '../actors/replay/learner.ts';
import type { runReplayLearner } from '../actors/replay/learner-shell.ts';
import { replay } from '../actors/replay/replay.ts';
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
import type { exploreOptions, replayOptions } from './off-policy-options.ts';

/** The options that `castOffPolicy` reads, as `offPolicyOptions` makes them; a scenario may have more. */
export interface OffPolicyOptions extends LearningOptions {
  /** Environment steps between rows of figures. */
  readonly reportEvery: number;
  readonly explore: z.output<typeof exploreOptions>;
  readonly replay: z.output<typeof replayOptions>;
}

/** A learner from a replay, from the outside. */
export type ReplayLearner = ActorHandle<
  ReturnType<typeof replayLearnerInputs>,
  ReturnType<typeof replayLearnerOutputs>,
  ReturnType<typeof runReplayLearner>
>;

/** A method that learns from a replay, with its settings: which policy it learns, and how its learner is spawned. */
export interface OffPolicyMethod {
  /** @throws a usage error where it cannot act in such spaces */
  policy(spaces: Spaces): PolicyRef;
  /** @param config what every learner from a replay takes; the method adds its own */
  spawn(
    system: System,
    config: z.input<typeof replayLearnerConfig>,
    options: SpawnOptions & { readonly copies?: undefined },
  ): Promise<ReplayLearner>;
}

/** The actors of an off-policy run. */
export interface OffPolicyActors {
  /** Gives `policies`, `priorities`, `metrics` and `barriers`; takes `helpings`. */
  readonly learner: ReplayLearner;
  /** Give `transitions`; take `policies`. */
  readonly explorers: HandleOf<typeof explorer, true>;
  /** Gives `helpings`; takes `transitions` and, where it is prioritised, `priorities`. */
  readonly replay: HandleOf<typeof replay>;
  /** Answers calls: `evaluate` and `film`. */
  readonly evaluator: HandleOf<typeof evaluator>;
}

/** What `castOffPolicy` casts around: the environment to learn, how, how it is judged and filmed, and who else takes part. */
export interface OffPolicyCast extends LearningCast {
  readonly method: OffPolicyMethod;
  /**
   * Links actors of your own to the cast: called when it is linked, awaited before learning begins. They are not part of
   * the checkpoints: where a run is resumed they begin anew.
   */
  readonly also?: (cast: OffPolicyActors) => void | Promise<void>;
}

/**
 * Casts off-policy learning: a group of explorers, the replay, the learner, an evaluator, and who they send to. Returns
 * when the run is done. An explorer or a learner that dies is restarted; with the replay the run stops, and goes on from
 * its last checkpoint.
 */
export async function castOffPolicy(
  stage: Stage<OffPolicyOptions>,
  cast: OffPolicyCast,
): Promise<LearningResult> {
  const { system, record, options, executor } = stage;
  const { environment, method } = cast;
  const { workers, environments, horizon, random } = options.explore;
  const { batch, updates, ...store } = options.replay;
  // Of the run, wherever it is resumed from, and not of the other seeds.
  const spill = store.spill === null ? null : resolve(stage.folder, store.spill);
  if (store.startAfter >= options.steps) {
    record.warn(
      `replay.startAfter = ${store.startAfter}: expected less than steps = ${options.steps}; next to nothing is learned`,
    );
  }
  const policy = method.policy(await spacesOf(environment));
  const teacher = await teacherOf(stage, policy);
  const collected = { policy, count: environments / workers, steps: horizon };
  const rounds = { ...collected, workers, batch, updates };
  const restore = restorer(stage);

  // Side by side: most of a start is loading modules and compiling.
  const [explorers, held, learner, judge] = await Promise.all([
    system.spawn(
      explorer,
      { environment, ...collected, random, executor },
      { copies: workers, ...cast.supervision, ...restore('explorers') },
    ),
    system.spawn(
      replay,
      { ...rounds, ...store, spill },
      { restarts: { times: 0, within: 60_000 }, ...restore('replay') },
    ),
    method.spawn(
      system,
      { ...rounds, ...barriersOf(options), reportEvery: options.reportEvery, executor },
      restore('learner'),
    ),
    spawnJudge(stage, cast, policy),
  ]);
  system.link(learner.outputs.policies, explorers.inputs.policies);
  system.link(explorers.outputs.transitions, held.inputs.transitions);
  // Large, and learning waits for one at a time.
  system.link(held.outputs.helpings, learner.inputs.helpings, { depth: 2 });
  if (store.prioritized) system.link(learner.outputs.priorities, held.inputs.priorities);
  return lead(stage, cast, {
    policy,
    learner,
    judge,
    actors: { explorers, replay: held },
    teacher,
    also: () => cast.also?.({ learner, explorers, replay: held, evaluator: judge }),
  });
}
