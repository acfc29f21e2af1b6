import { join } from 'node:path';
import { askAgain } from '../actors/ask-again.ts';
import { type ConductedLearner, conduct, type Snapshotted } from '../actors/conduct.ts';
import type { ActorDefinition, ActorHandle, OutputEnd, SpawnOptions } from '../actors/contract.ts';
import { evaluator, type Player } from '../actors/evaluator.ts';
import { type Episodes, episodeMeans } from '../actors/evaluator-episodes.ts';
import type { Statistics } from '../actors/learner.ts';
import type { PolicyRef, Spaces } from '../actors/policy.ts';
import { type StoredPolicy, writePolicy } from '../actors/policy-files.ts';
import type { MetricRow } from '../core/metric-rows.ts';
import { Random } from '../core/random.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { EnvironmentRef } from '../env/contract.ts';
import { describeEnvironment } from '../env/define.ts';
import type { Executor } from '../tensors/contract.ts';
import type { Stage } from './contract.ts';
import { policyToStartFrom } from './policy-to-start-from.ts';
import { interrupted } from './runner/interrupted.ts';

/** The options that every scenario with a learner has; it may have more. */
export interface LearningOptions {
  /** Environment steps to learn from. */
  readonly steps: number;
  /** Environment steps between evaluations. Default: a twentieth of the run. */
  readonly evaluateEvery?: number;
  /** Environment steps between checkpoints. Default: a twentieth of the run. */
  readonly checkpointEvery?: number;
  /** End the run at the first evaluation along the way whose mean return is at least this. Default: learn to the end. */
  readonly stopAt?: number;
}

/** The environment to learn, how it is judged and filmed. */
export interface LearningCast {
  readonly environment: EnvironmentRef;
  /** Fresh episodes that the final policy is judged by, once, after training. Default 100. */
  readonly episodes?: number;
  /** Steps after which an episode of an evaluation is taken for one that never ends, which is an error. Default 50,000. */
  readonly patience?: number;
  /** More figures from the final episodes, beside the means of everything. */
  readonly summarize?: (episodes: Episodes) => Readonly<Record<string, number>>;
  /** Judge random and zero actions by the same episodes. Default false. */
  readonly controls?: boolean;
  /** How whoever plays is watched over (collectors, evaluator), where the system's defaults do not fit the environment. */
  readonly supervision?: Pick<SpawnOptions, 'hangAfter' | 'memory' | 'restarts'>;
  /**
   * How the film of one episode runs, which the report shows where the environment renders; `false`: no film. `dt`:
   * seconds of an environment step, default 1/25; `every`: steps between frames, default 1.
   */
  readonly film?: { readonly dt?: number; readonly every?: number } | false;
}

/** Means over the episodes that a player was judged by: of what it earned, how long they took, and the environment’s figures. */
export type Judgement = Readonly<Record<string, number>> & {
  readonly return: number;
  readonly length: number;
};

/** What `play` of a scenario with a learner returns: figures of the summary, which checks read. */
export interface LearningResult {
  readonly steps: number;
  /** Means over the final episodes: return, length, and the environment's figures at their last steps. */
  readonly evaluation: Judgement;
  readonly controls?: { readonly random: Judgement; readonly zero: Judgement };
}

/** The handle of an actor by its definition. */
export type HandleOf<D, Group extends boolean = false> =
  D extends ActorDefinition<infer _, infer I, infer O, infer M> ? ActorHandle<I, O, M, Group> : never;

/** A learner, as whoever leads a run needs to know it. */
export type LedLearner = ConductedLearner & {
  readonly outputs: { readonly metrics: OutputEnd<MetricRow> };
  readonly call: {
    executor(): Promise<Executor>;
    takePolicy(parameters: Float32Array, statistics?: Statistics): Promise<void>;
  };
};

/** Episodes of the evaluations along the way. */
const EPISODES_ALONG = 10;
/** Copies that play at once in evaluations. */
export const EVALUATOR_COPIES = 20;
/** Milliseconds that an evaluation may take. */
export const EVALUATION_DEADLINE = 600_000;

/** How often a run is looked at and saved: as its options say, or twenty times. */
export const barriersOf = ({ steps, evaluateEvery, checkpointEvery }: LearningOptions) => ({
  totalSteps: steps,
  evaluateEvery: evaluateEvery ?? twentieth(steps),
  checkpointEvery: checkpointEvery ?? twentieth(steps),
});

/** The policy that a new run starts from, where it was told one (`--init`). @throws a usage error where it does not fit */
export const teacherOf = async (
  { init, resume }: Stage,
  policy: PolicyRef,
): Promise<Required<StoredPolicy> | undefined> =>
  init && !resume ? policyToStartFrom(init, policy) : undefined;

/** What the actors of a run that goes on start from, by the names that they have in its checkpoints. */
export function restorer({ resume }: Stage): (name: string) => { restore?: readonly Snapshot[] } {
  const states = resume?.state as Readonly<Record<string, readonly Snapshot[]>> | undefined;
  return name => (states ? { restore: states[name] } : {});
}

/** What a policy for this environment sees and may do. */
export async function spacesOf(environment: EnvironmentRef): Promise<Spaces> {
  const { observationSpace, actionSpace } = await describeEnvironment(environment);
  return { observation: observationSpace, action: actionSpace };
}

/** Casts who judges a policy. */
export const spawnJudge = (
  { system, executor }: Stage,
  { environment, patience, supervision }: LearningCast,
  policy: PolicyRef,
): Promise<HandleOf<typeof evaluator>> =>
  system.spawn(
    evaluator,
    {
      environment,
      policy,
      count: EVALUATOR_COPIES,
      executor,
      ...(patience !== undefined && { patience }),
    },
    { deadline: EVALUATION_DEADLINE, ...supervision },
  );

/** Who takes part in a run that is led. */
export interface Led {
  readonly policy: PolicyRef;
  readonly learner: LedLearner;
  readonly judge: HandleOf<typeof evaluator>;
  /** Whose states make a checkpoint beside the learner's, by the names they have in it. */
  readonly actors: Readonly<Record<string, Snapshotted>>;
  /** What learning starts from. Default: fresh parameters. */
  readonly teacher?: Required<StoredPolicy> | undefined;
  /** Awaited before learning begins. */
  readonly also?: (() => void | Promise<void>) | undefined;
}

/**
 * Leads a run of actors that are cast and linked, all but the learner's figures: from its first step to its last, with
 * evaluations, checkpoints and the policy kept on the way, and at the end the final judgement, its controls and the film.
 */
export async function lead(
  stage: Stage<LearningOptions>,
  cast: LearningCast,
  { policy, learner, judge, actors, teacher, also }: Led,
): Promise<LearningResult> {
  const { system, record, options, resume } = stage;
  const { environment } = cast;
  system.link(learner.outputs.metrics, record.countedRows);
  const tellExecutor = async () => record.executor(await askAgain(learner, () => learner.call.executor()));
  await tellExecutor();
  if (teacher) await learner.call.takePolicy(teacher.parameters, teacher.statistics);
  await also?.();

  const seeds = Random.fromSeed(stage.seed).split('evaluation');
  const seedOf = (what: string) => seeds.split(what).uint32();
  const evaluate = async (player: Player, episodes: number, seed: string) =>
    askAgain(judge, () => judge.call.evaluate({ player, episodes, seed: seedOf(seed) }));
  const keep = async (parameters: Float32Array, step: number, statistics: Statistics) => {
    // In the first round it may have found a faster one.
    await tellExecutor();
    await writePolicy(join(stage.folder, 'policy'), { policy, environment, parameters, step, statistics });
  };

  const { step, parameters } = await conduct({
    system,
    learner,
    actors,
    record,
    signal: stage.signal,
    steps: options.steps,
    resumedAt: resume?.step,
    interrupted,
    keep,
    async evaluate(parameters, step) {
      const means = episodeMeans(await evaluate({ parameters }, EPISODES_ALONG, 'along'));
      record.metrics({ source: 'evaluator', step, values: evaluationFigures(means) });
      return options.stopAt !== undefined && means.return >= options.stopAt;
    },
  });

  const judged = async (player: Player): Promise<Judgement> => {
    const played = await evaluate(player, cast.episodes ?? 100, 'final');
    return { ...episodeMeans(played), ...cast.summarize?.(played) };
  };
  const evaluation = await judged({ parameters });
  record.metrics({ source: 'evaluator', step, values: evaluationFigures(evaluation) });
  const controls = cast.controls && { random: await judged('random'), zero: await judged('zero') };
  if (cast.film !== false) {
    const shot = {
      player: { parameters },
      seed: seedOf('film'),
      title: `${environment.name} after ${step.toLocaleString('en')} steps`,
      dt: 1 / 25,
      ...cast.film,
    };
    const film = await askAgain(judge, () => judge.call.film(shot));
    if (film) record.film(film);
  }
  return { steps: step, evaluation, ...(controls && { controls }) };
}

const twentieth = (steps: number): number => Math.max(1, Math.floor(steps / 20));

const evaluationFigures = (means: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(means).map(([name, value]) => [`evaluation_${name}`, value]));
