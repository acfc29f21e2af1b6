import { join } from 'node:path';
import { askAgain } from '../../actors/ask-again.ts';
import { evaluator, type Player } from '../../actors/evaluator.ts';
import { episodeMeans } from '../../actors/evaluator-episodes.ts';
import { policyRef } from '../../actors/policy.ts';
import { readPolicy, type StoredPolicy, writePolicy } from '../../actors/policy-files.ts';
import { writeRecording } from '../../actors/recordings/file.ts';
import { recordedActions } from '../../actors/recordings/stream.ts';
import { makeInner } from '../../core/files.ts';
import { Random } from '../../core/random.ts';
import { cartPole } from '../../env/classic/cart-pole.ts';
import { environmentRef } from '../../env/define.ts';
import type { CloningConfig } from '../../learners/behavior-cloning/config.ts';
import { cloningLearner } from '../../learners/behavior-cloning/learner.ts';
import { cloningPolicy, cloningPolicyConfig } from '../../learners/behavior-cloning/networks.ts';
import type { Stage } from '../contract.ts';
import { castPpo, type PpoOptions } from '../wiring.ts';

/** The scenario’s options. */
export interface CloningOptions {
  readonly from: string | null;
  readonly teacher: PpoOptions;
  readonly episodes: number;
  readonly few: number;
  readonly batches: number;
  readonly batch: number;
  readonly judged: number;
  readonly cloning: CloningConfig;
}

type Who = 'teacher' | 'clone' | 'few' | 'random';

/** What came of it. */
export interface CloningResult {
  /** Mean returns over the same fresh episodes. */
  readonly return: Readonly<Record<Who, number>>;
  /** Those as shares of the teacher’s. */
  readonly share: Readonly<Record<Exclude<Who, 'teacher'>, number>>;
  readonly recorded: { readonly episodes: number; readonly steps: number; readonly return: number };
}

/** Copies that play at once. */
const COPIES = 20;
/** Milliseconds that playing or learning may take. */
const DEADLINE = 600_000;

/** Records what a teacher does, and clones it from all of that and, for comparison, from a few steps. */
export async function playCloning(stage: Stage<CloningOptions>): Promise<CloningResult> {
  const { system, record, options, executor } = stage;
  const teacher = await teacherOf(stage);
  const { environment } = teacher;
  const { spaces } = teacher.policy;
  const policy = policyRef(cloningPolicy, cloningPolicyConfig.strip().parse(options.cloning), spaces);
  const seeds = Random.fromSeed(stage.seed).split('behavior cloning');
  const seedOf = (what: string) => seeds.split(what).uint32();

  const players = { environment, count: COPIES, executor };
  const [demonstrator, judge] = await Promise.all([
    system.spawn(
      evaluator,
      { ...players, policy: teacher.policy },
      { name: 'demonstrator', deadline: DEADLINE },
    ),
    system.spawn(evaluator, { ...players, policy }, { name: 'judge', deadline: DEADLINE }),
  ]);
  const taught = { parameters: teacher.parameters };
  const shown = { player: taught, seed: seedOf('recorded'), episodes: options.episodes };
  const recording = await askAgain(demonstrator, () => demonstrator.call.demonstrate(shown));
  const path = join(stage.folder, 'recording.safetensors');
  writeRecording(path, { environment: environment.name, ...recording });
  const steps = recording.lengths.reduce((sum, length) => sum + length, 0);

  async function clone(name: string, only: number | null): Promise<Float32Array> {
    const batch = Math.min(options.batch, only ?? steps);
    const stream = await system.spawn(
      recordedActions,
      { path, steps: only, batch, seed: seedOf(name) },
      { name: `${name}-recordings` },
    );
    const learner = await system.spawn(
      cloningLearner,
      { policy, batches: options.batches, cloning: options.cloning, executor },
      { name, deadline: DEADLINE },
    );
    system.link(learner.outputs.needs, stream.inputs.needs);
    system.link(stream.outputs.batches, learner.inputs.batches);
    system.link(learner.outputs.metrics, record.rows);
    await learner.call.learn();
    record.executor(await learner.call.executor());
    return learner.call.parameters();
  }
  const [cloned, few] = await Promise.all([clone('clone', null), clone('few', Math.min(options.few, steps))]);
  await writePolicy(join(stage.folder, 'policy'), { policy, environment, parameters: cloned, step: steps });

  const trial = { seed: seedOf('judged'), episodes: options.judged };
  const judged = async (player: Player, by = judge): Promise<number> =>
    episodeMeans(await askAgain(by, () => by.call.evaluate({ player, ...trial }))).return;
  const returns = {
    teacher: await judged(taught, demonstrator),
    clone: await judged({ parameters: cloned }),
    few: await judged({ parameters: few }),
    random: await judged('random'),
  };
  const film = await askAgain(judge, () =>
    judge.call.film({
      player: { parameters: cloned },
      seed: seedOf('film'),
      title: `${environment.name}: a clone of ${steps.toLocaleString('en')} recorded steps`,
      dt: 1 / 25,
    }),
  );
  if (film) record.film(film);
  const shareOf = (value: number): number => value / returns.teacher;
  return {
    return: returns,
    share: { clone: shareOf(returns.clone), few: shareOf(returns.few), random: shareOf(returns.random) },
    recorded: {
      episodes: options.episodes,
      steps,
      return: recording.returns.reduce((sum, one) => sum + one, 0) / recording.returns.length,
    },
  };
}

/** The policy to clone: another run’s, or one that PPO teaches now and leaves in the run’s `teacher/`. */
async function teacherOf(stage: Stage<CloningOptions>): Promise<StoredPolicy> {
  const { from, teacher } = stage.options;
  if (from !== null) return readPolicy(join(from, 'policy'));
  const folder = join(stage.folder, 'teacher');
  makeInner(folder);
  const environment = environmentRef(cartPole);
  await castPpo({ ...stage, folder, options: teacher }, { environment, episodes: COPIES, film: false });
  return readPolicy(join(folder, 'policy'));
}
