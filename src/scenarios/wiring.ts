import { join } from 'node:path';
import { askAgain } from '../actors/ask-again.ts';
import { conduct } from '../actors/conduct.ts';
import type { ActorDefinition, ActorHandle, SpawnOptions, System } from '../actors/contract.ts';
import { evaluator, type Player } from '../actors/evaluator.ts';
import { type Episodes, episodeMeans } from '../actors/evaluator-episodes.ts';
import type { Statistics } from '../actors/learner.ts';
import { policyRef, type Spaces } from '../actors/policy.ts';
import { readPolicy, writePolicy } from '../actors/policy-files.ts';
import { rollout } from '../actors/rollout.ts';
import { Random } from '../core/random.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { EnvironmentRef } from '../env/contract.ts';
import { describeEnvironment } from '../env/define.ts';
import type { PpoConfig } from '../learners/ppo/config.ts';
import { ppoLearner } from '../learners/ppo/learner.ts';
import { ppoPolicy, ppoPolicyConfig } from '../learners/ppo/networks.ts';
import { holdsReturns } from '../learners/shared/normalization.ts';
import type { Stage } from './contract.ts';
import { policyToStartFrom } from './policy-to-start-from.ts';
import { interrupted } from './runner/interrupted.ts';

/** The options that `castPpo` reads; a scenario may have more. */
export interface PpoOptions {
  /** Environment steps to learn from. */
  readonly steps: number;
  /** Environment steps between evaluations. Default: a twentieth of the run. */
  readonly evaluateEvery?: number;
  /** Environment steps between checkpoints. Default: a twentieth of the run. */
  readonly checkpointEvery?: number;
  /** End the run at the first evaluation along the way whose mean return is at least this. Default: learn to the end. */
  readonly stopAt?: number;
  readonly ppo: PpoConfig;
}

type HandleOf<D, Group extends boolean = false> =
  D extends ActorDefinition<infer _, infer I, infer O, infer M> ? ActorHandle<I, O, M, Group> : never;

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
export interface PpoCast {
  readonly environment: EnvironmentRef;
  /** Fresh episodes that the final policy is judged by, once, after training. Default 100. */
  readonly episodes?: number;
  /** Steps after which an episode of an evaluation is taken for one that never ends, which is an error. Default 50,000. */
  readonly patience?: number;
  /** More figures from the final episodes, beside the means of everything. */
  readonly summarize?: (episodes: Episodes) => Readonly<Record<string, number>>;
  /** Judge random and zero actions by the same episodes. Default false. */
  readonly controls?: boolean;
  /** How whoever plays is watched over (rollouts, evaluator), where the system's defaults do not fit the environment. */
  readonly supervision?: Pick<SpawnOptions, 'hangAfter' | 'memory' | 'restarts'>;
  /**
   * How the film of one episode runs, which the report shows where the environment renders; `false`: no film. `dt`:
   * seconds of an environment step, default 1/25; `every`: steps between frames, default 1.
   */
  readonly film?: { readonly dt?: number; readonly every?: number } | false;
  /**
   * Links actors of your own to the cast: called when it is linked, awaited before learning begins. They are not part of
   * the checkpoints: where a run is resumed they begin anew.
   */
  readonly also?: (cast: PpoActors) => void | Promise<void>;
}

/** Means over the episodes that a player was judged by: of what it earned, how long they took, and the environment’s figures. */
export type Judgement = Readonly<Record<string, number>> & {
  readonly return: number;
  readonly length: number;
};

/** What `castPpo` gives `play` to return: figures of the summary, which checks read. */
export interface PpoResult {
  readonly steps: number;
  /** Means over the final episodes: return, length, and the environment's figures at their last steps. */
  readonly evaluation: Judgement;
  readonly controls?: { readonly random: Judgement; readonly zero: Judgement };
}

/** Episodes of the evaluations along the way. */
const EPISODES_ALONG = 10;
/** Copies that play at once in evaluations. */
const EVALUATOR_COPIES = 20;
/** Milliseconds that an evaluation may take. */
const EVALUATION_DEADLINE = 600_000;

/** Casts PPO: a group of rollouts, the learner, an evaluator, and who they send to. Returns when the run is done. */
export async function castPpo(stage: Stage<PpoOptions>, cast: PpoCast): Promise<PpoResult> {
  const { system, record, options, resume } = stage;
  const { environment } = cast;
  const { steps, ppo, evaluateEvery = twentieth(steps), checkpointEvery = twentieth(steps) } = options;
  const policy = policyRef(ppoPolicy, ppoPolicyConfig.strip().parse(ppo), await spacesOf(environment));
  const teacher = stage.init && !resume ? await policyToStartFrom(stage.init, policy) : undefined;
  const workers = ppo.workers ?? sharers(stage.threads, ppo.environments);
  const shape = {
    executor: stage.executor,
    policy,
    count: ppo.environments / workers,
    steps: ppo.horizon,
    lag: ppo.overlapped ? 1 : 0,
  } as const;
  const restored = resume?.state as Readonly<Record<string, readonly Snapshot[]>> | undefined;
  const restore = (name: string) => (restored ? { restore: restored[name] } : {});

  // Side by side: most of a start is loading modules and compiling.
  const [rollouts, learner, judge] = await Promise.all([
    system.spawn(
      rollout,
      { environment, ...shape },
      { copies: workers, ...cast.supervision, ...restore('rollouts') },
    ),
    system.spawn(
      ppoLearner,
      { ...shape, workers, totalSteps: steps, evaluateEvery, checkpointEvery, ppo },
      restore('learner'),
    ),
    system.spawn(
      evaluator,
      {
        environment,
        policy,
        count: EVALUATOR_COPIES,
        executor: stage.executor,
        ...(cast.patience !== undefined && { patience: cast.patience }),
      },
      { deadline: EVALUATION_DEADLINE, ...cast.supervision },
    ),
  ]);
  system.link(learner.outputs.policies, rollouts.inputs.policies);
  system.link(rollouts.outputs.trajectories, learner.inputs.trajectories);
  system.link(learner.outputs.metrics, record.countedRows);
  const tellExecutor = async () => record.executor(await askAgain(learner, () => learner.call.executor()));
  await tellExecutor();
  if (teacher) {
    const { parameters, statistics } = teacher;
    if (ppo.normalizeRewards && !holdsReturns(statistics)) {
      record.warn(
        `--init ${stage.init}: its policy was saved without the scale of rewards, which is measured anew`,
      );
    }
    await learner.call.takePolicy(parameters, statistics);
  }
  await cast.also?.({ learner, rollouts, evaluator: judge });

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
    actors: { rollouts },
    record,
    signal: stage.signal,
    steps,
    resumedAt: resume?.step,
    interrupted,
    keep,
    async evaluate(parameters, step) {
      const means = episodeMeans(await evaluate({ parameters }, EPISODES_ALONG, 'along'));
      record.metrics({ source: 'evaluator', step, values: evaluationFigures(means) });
      return options.stopAt !== undefined && means.return >= options.stopAt;
    },
  });

  const episodes = cast.episodes ?? 100;
  const judged = async (player: Player): Promise<Judgement> => {
    const played = await evaluate(player, episodes, 'final');
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

/** What `troupe evaluate` asks. */
export interface EvaluatePolicy {
  /** The folder of the run whose policy plays. */
  readonly run: string;
  readonly episodes: number;
  readonly seed: number;
  /** How many evaluators play at once; the episodes are the same for any number. */
  readonly threads: number;
  readonly executor: string;
  /** Steps after which an episode is taken for one that never ends. Default 50,000. */
  readonly patience?: number | undefined;
}

/**
 * Plays episodes with the policy that a run left behind: blocks of one episode a copy, each block with a seed of its
 * own, so that it does not matter who plays it.
 */
export async function evaluatePolicy(
  system: System,
  { run, episodes, seed, threads, executor, patience }: EvaluatePolicy,
): Promise<Pick<Episodes, 'returns' | 'lengths' | 'info'>> {
  const { policy, environment, parameters } = await readPolicy(join(run, 'policy'));
  const count = Math.min(episodes, EVALUATOR_COPIES);
  const seeds = Random.fromSeed(seed).split('evaluation');
  const blocks = Array.from({ length: Math.ceil(episodes / count) }, (_, i) => ({
    episodes: Math.min(count, episodes - i * count),
    seed: seeds.split(i).uint32(),
  }));
  const config = { environment, policy, count, executor, ...(patience !== undefined && { patience }) };
  const played: Episodes[] = [];
  const waiting = blocks.entries();
  const players = Array.from({ length: Math.min(threads, blocks.length) }, async (_, i) => {
    const name = `evaluator-${i + 1}`;
    const judge = await system.spawn(evaluator, config, { name, deadline: EVALUATION_DEADLINE });
    // All take from one list: who is done first plays the next block.
    for (const [at, block] of waiting)
      played[at] = await askAgain(judge, () => judge.call.evaluate({ player: { parameters }, ...block }));
  });
  await Promise.all(players);
  const names = Object.keys(played[0].info);
  return {
    returns: played.flatMap(block => block.returns),
    lengths: played.flatMap(block => block.lengths),
    info: Object.fromEntries(names.map(name => [name, played.flatMap(block => block.info[name])])),
  };
}

async function spacesOf(environment: EnvironmentRef): Promise<Spaces> {
  const { observationSpace, actionSpace } = await describeEnvironment(environment);
  return { observation: observationSpace, action: actionSpace };
}

/** As many workers as there are threads, or the next smaller number that shares the copies out evenly. */
function sharers(threads: number, copies: number): number {
  let workers = Math.min(threads, copies);
  while (copies % workers !== 0) workers--;
  return workers;
}

const twentieth = (steps: number): number => Math.max(1, Math.floor(steps / 20));

const evaluationFigures = (means: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(means).map(([name, value]) => [`evaluation_${name}`, value]));
