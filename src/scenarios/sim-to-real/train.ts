import type { InputEnd, OutputEnd } from '../../actors/contract.ts';
import type { PolicyRef } from '../../actors/policy.ts';
import { rollout } from '../../actors/rollout.ts';
import type { PolicySlab, Trajectory } from '../../actors/trajectory.ts';
import type { EnvironmentRef } from '../../env/contract.ts';
import type { PpoConfig } from '../../learners/ppo/config.ts';
import { ppoLearner } from '../../learners/ppo/learner.ts';
import type { Lane } from '../arms/index.ts';
import type { CurvePoint, PpoTrained } from './results.ts';

/** Who answers policies with experience: a rollout, or the gate of the target. */
export interface Collecting {
  readonly inputs: { readonly policies: InputEnd<PolicySlab> };
  readonly outputs: { readonly trajectories: OutputEnd<Trajectory> };
}

/** Who replaces the rewards of trajectories on their way to the learner. */
export interface Judging {
  readonly inputs: { readonly trajectories: InputEnd<Trajectory> };
  readonly outputs: { readonly trajectories: OutputEnd<Trajectory> };
}

/** One training by PPO. */
export interface PpoTraining {
  /** Unique within the arm. */
  readonly name: string;
  /** Whose environment the policy acts in: a reference, or somebody who owns it. */
  readonly environment: EnvironmentRef | Collecting;
  readonly judge?: Judging;
  readonly policy: PolicyRef;
  /** Its `environments` and `horizon` are those of an iteration. */
  readonly ppo: PpoConfig;
  readonly iterations: number;
  /** Parameters to start from. Default: fresh ones. */
  readonly init?: Float32Array;
  /** How many snapshots of the policy to keep, evenly over the second half, the last one the end. Default 0. */
  readonly snapshots?: number;
  /** Told the steps so far. */
  progress?(step: number): void;
}

/** What came of it. */
export interface PpoTrainedWithSnapshots extends PpoTrained {
  readonly snapshots: readonly Float32Array[];
}

/** Tenths of a training: snapshots are taken at some of them. */
const stretches = 10;

/**
 * Trains a policy on a lane: a rollout beside the learner, until its last barrier. What comes of it follows from the lane's
 * seed and the names alone. Its actors are gone afterwards.
 */
export async function trainPpo(lane: Lane, training: PpoTraining): Promise<PpoTrainedWithSnapshots> {
  const { name, environment, judge, policy, ppo, iterations, init, snapshots: wanted = 0 } = training;
  const { environments: count, horizon: steps } = ppo;
  const totalSteps = iterations * count * steps;
  const shape = { policy, count, steps } as const;
  const own =
    'module' in environment
      ? await lane.spawn(rollout, { environment, ...shape }, { name: `${name} rollout`, on: 'beside' })
      : undefined;
  const collecting = own ?? (environment as Collecting);
  const checkpointEvery = wanted > 0 ? Math.max(count * steps, Math.floor(totalSteps / stretches)) : null;
  const learner = await lane.learner(
    ppoLearner,
    { ...shape, workers: 1, totalSteps, checkpointEvery, ppo },
    { name: `${name} learner` },
  );
  const curve: CurvePoint[] = [];
  const passed: Float32Array[] = [];
  let rows = 0;
  let all = Number.POSITIVE_INFINITY;

  const ended = new Promise<void>((resolve, reject) => {
    const settle = () => {
      if (rows >= all) resolve();
    };
    learner.outputs.metrics.subscribe(({ step, values }) => {
      rows++;
      training.progress?.(step);
      const { episode_return: mean, episode_length: length } = values;
      if (Number.isFinite(mean) && Number.isFinite(length)) curve.push({ step, return: mean, length });
      settle();
    });
    learner.outputs.barriers.subscribe(({ step, reasons, sent }) => {
      const pass = async () => {
        passed.push((await learner.call.policy()).parameters);
        if (!reasons.includes('end')) return learner.call.proceed(step);
        all = sent;
        settle();
      };
      pass().catch(reject);
    });
  });
  lane.link(learner.outputs.policies, collecting.inputs.policies);
  if (judge) {
    lane.link(collecting.outputs.trajectories, judge.inputs.trajectories);
    lane.link(judge.outputs.trajectories, learner.inputs.trajectories);
  } else lane.link(collecting.outputs.trajectories, learner.inputs.trajectories);
  if (init) await learner.call.takePolicy(init);
  await learner.call.begin();
  await ended;
  await learner.stop();
  await own?.stop();
  return {
    parameters: passed[passed.length - 1],
    curve,
    steps: totalSteps,
    snapshots: latter(passed, wanted),
  };
}

/** So many of a list's second half, evenly, the last one among them; all that there are where they are fewer. */
export function latter<T>(list: readonly T[], wanted: number): T[] {
  const from = Math.min(Math.floor(list.length / 2), Math.max(0, list.length - wanted));
  const count = Math.min(wanted, list.length - from);
  return Array.from({ length: count }, (_, k) => {
    const place = ((k + 1) * (list.length - from)) / count;
    return list[from + Math.round(place) - 1];
  });
}
