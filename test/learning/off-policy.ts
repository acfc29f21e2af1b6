import { boundedActions } from '../../src/actors/bounded-actions.ts';
import type { PolicyRef } from '../../src/actors/policy.ts';
import { compilePolicy, fillNoise } from '../../src/actors/policy-programs.ts';
import { helpingFields } from '../../src/actors/replay/fields.ts';
import type { ReplayMethod } from '../../src/actors/replay/learner.ts';
import { allocateSlab } from '../../src/actors/trajectory.ts';
import { Random } from '../../src/core/random.ts';
import type { EnvironmentRef } from '../../src/env/contract.ts';
import { loadEnvironment } from '../../src/env/define.ts';
import { actionSize, flatSize, sample } from '../../src/env/spaces.ts';

export interface OffPolicyTraining {
  readonly environment: EnvironmentRef;
  readonly policy: PolicyRef;
  readonly method: ReplayMethod;
  readonly seed: number;
  readonly steps: number;
  /** Steps of even random actions before the first gradient step; from then on one gradient step for each step. */
  readonly startAfter: number;
  /** Steps, and gradient steps, between two policies. */
  readonly round: number;
  readonly batch: number;
  readonly gamma?: number;
}

/**
 * Learns off-policy in one thread: one copy of an environment, and a plain array as the replay. For boxes of actions.
 * @returns the mean return of 20 episodes of the best actions, after the last step
 */
export async function learnOffPolicy(training: OffPolicyTraining): Promise<number> {
  const { environment, policy, method, seed, steps, startAfter, round, batch, gamma = 0.99 } = training;
  const { spaces } = policy;
  const [observation, action] = [flatSize(spaces.observation), actionSize(spaces.action)];
  const random = Random.fromSeed(seed).split('off-policy');
  const [drawing, acting, exploring] = ['replay', 'noise', 'actions'].map(name => random.split(name));
  const vector = await loadEnvironment(environment, 1);
  const programs = await compilePolicy(policy);
  const parameters = new Float32Array(policy.size);
  const helping = allocateSlab(helpingFields({ spaces, batch, updates: round }));
  const bounded = boundedActions(spaces.action, 1);
  const noise = new Float32Array(programs.noise.size);
  const store = {
    observations: new Float32Array(steps * observation),
    actions: new Float32Array(steps * action),
    rewards: new Float32Array(steps),
    discounts: new Float32Array(steps),
    nextObservations: new Float32Array(steps * observation),
  };
  const widths = {
    observations: observation,
    actions: action,
    rewards: 1,
    discounts: 1,
    nextObservations: observation,
  };
  const names = Object.keys(widths) as (keyof typeof widths)[];

  function take(stored: number): void {
    helping.count[0] = round;
    helping.weights.fill(1);
    for (let row = 0; row < round * batch; row++) {
      const at = drawing.integer(stored);
      for (const name of names) {
        const width = widths[name];
        helping[name].set(store[name].subarray(at * width, (at + 1) * width), row * width);
      }
    }
  }

  vector.reset({ seed });
  for (let step = 0; step < steps; step++) {
    if (step % round === 0) {
      method.writeParameters(parameters);
      programs.setParameters(parameters);
    }
    fillNoise(programs.noise.kind, acting, noise);
    const seen = { shape: [1, observation], data: vector.observations };
    const drawn =
      step < startAfter
        ? (sample(spaces.action, exploring) as Float32Array)
        : (programs.act(seen, { shape: [1, noise.length], data: noise }).data as Float32Array);
    const taken = bounded(drawn) as Float32Array;
    store.observations.set(vector.observations, step * observation);
    store.actions.set(taken, step * action);
    vector.step(taken);
    const ended = vector.terminated[0] === 1 || vector.truncated[0] === 1;
    store.rewards[step] = vector.rewards[0];
    store.discounts[step] = vector.terminated[0] === 1 ? 0 : gamma;
    store.nextObservations.set(ended ? vector.finalObservations : vector.observations, step * observation);
    if (step >= startAfter && (step + 1) % round === 0) {
      take(step + 1);
      await method.learn(helping, step / steps);
    }
  }

  method.writeParameters(parameters);
  programs.setParameters(parameters);
  vector.reset({ seed: seed + 10_000 });
  let sum = 0;
  for (let episodes = 0; episodes < 20; ) {
    const seen = { shape: [1, observation], data: vector.observations };
    vector.step(bounded(programs.decide(seen).data) as Float32Array);
    sum += vector.rewards[0];
    if (vector.terminated[0] === 1 || vector.truncated[0] === 1) episodes++;
  }
  programs.dispose();
  method.dispose();
  vector.close();
  return sum / 20;
}
