import { evaluator } from '../../actors/evaluator.ts';
import { policyRef } from '../../actors/policy.ts';
import { rollout } from '../../actors/rollout.ts';
import { ppoConfig } from '../../learners/ppo/config.ts';
import { ppoLearner } from '../../learners/ppo/learner.ts';
import { ppoPolicy, ppoPolicyConfig } from '../../learners/ppo/networks.ts';
import type { Lane } from '../arms/index.ts';
import { spacesOf } from '../lead.ts';
import { locomotionPpo } from '../robot-tasks.ts';
import { type ArmPlayed, type CurvePoint, unlearned } from './cast.ts';
import { testSeed } from './judging.ts';
import type { PlanningOptions } from './options.ts';
import { repeated } from './repeated.ts';
import { decisionsOf, type Task } from './tasks.ts';

/** As `half-cheetah` and `reacher` have it, in rounds of a size that a few thousand decisions allow. */
const ppo = ppoConfig.parse({ ...locomotionPpo, environments: 8, minibatch: 128, epochs: 10 });

/**
 * The model-free baseline: PPO on the task's numbers, its decisions held as PlaNet's are.
 * @param times how many of PlaNet's decisions it may take
 */
export async function playPpo(
  lane: Lane,
  task: Task,
  options: PlanningOptions,
  times: number,
  executor: string,
): Promise<ArmPlayed> {
  const decisions = decisionsOf(task);
  const totalSteps = Math.round(times * options.episodes * decisions);
  const environment = repeated(task.environment, task.repeat);
  const policy = policyRef(ppoPolicy, ppoPolicyConfig.strip().parse(ppo), await spacesOf(environment));
  const shape = { policy, count: ppo.environments, steps: ppo.horizon, executor } as const;
  const rollouts = await lane.spawn(rollout, { environment, ...shape }, { on: 'beside' });
  const learner = await lane.learner(ppoLearner, { ...shape, workers: 1, totalSteps, ppo });
  const judge = await lane.spawn(
    evaluator,
    { environment, policy, count: options.tests, executor },
    { on: 'world' },
  );
  const curve: CurvePoint[] = [];
  let rows = 0;
  /** Rows that there are in all, once learning has ended. */
  let all = Number.POSITIVE_INFINITY;
  let done = (): void => {};
  const end = new Promise<void>(resolve => {
    done = resolve;
  });
  learner.outputs.metrics.subscribe(({ step, values: { episode_return: mean } }) => {
    rows++;
    lane.progress(Math.round((step / totalSteps) * options.episodes));
    if (mean !== undefined && Number.isFinite(mean)) {
      const episode = step / decisions;
      curve.push({ task: task.name, episode, updates: 0, return: mean * task.returnScale });
    }
    if (rows >= all) done();
  });
  lane.link(learner.outputs.policies, rollouts.inputs.policies);
  lane.link(rollouts.outputs.trajectories, learner.inputs.trajectories);
  learner.outputs.barriers.subscribe(({ reasons, sent }) => {
    if (!reasons.includes('end')) return;
    all = sent;
    if (rows >= all) done();
  });
  await learner.call.begin();
  await end;
  const { parameters } = await learner.call.policy();
  const { returns } = await judge.call.evaluate({
    player: { parameters },
    episodes: options.tests,
    seed: testSeed(lane.seed),
  });
  curve.forEach(point => {
    lane.row(Math.round(point.episode), { return: point.return });
  });
  return {
    ...unlearned(
      task,
      returns.map(total => total * task.returnScale),
    ),
    curve,
  };
}
