import { episodeMeans, playEpisodes } from '../../../src/actors/evaluator-episodes.ts';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import { helpingFields } from '../../../src/actors/replay/fields.ts';
import { allocateSlab } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import { environmentRef, loadEnvironment } from '../../../src/env/define.ts';
import { cartPole } from '../../../src/env/index.ts';
import { dqnConfig } from '../../../src/learners/dqn/config.ts';
import { createDqn } from '../../../src/learners/dqn/method.ts';
import { dqnPolicy, dqnPolicyConfig } from '../../../src/learners/dqn/networks.ts';

export interface Training {
  readonly steps: number;
  readonly seed: number;
  readonly dqn: Record<string, unknown>;
  readonly batch: number;
  /** Gradient steps after each round of 256 steps. */
  readonly updates: number;
  readonly gamma?: number;
  /** Steps of a return. */
  readonly nStep?: number;
  /** Share of random actions from this step on; on a line from 1 before. */
  readonly epsilon?: { readonly to: number; readonly by: number };
}

const COUNT = 4;
const STEPS = 64;

/** DQN on cart-pole in this process: an array is the replay. @returns the mean return of 20 fresh episodes, greedily */
export async function trainDqn(training: Training): Promise<number> {
  const {
    steps,
    seed,
    batch,
    updates,
    gamma = 0.99,
    nStep = 1,
    epsilon = { to: 0.04, by: 8_000 },
  } = training;
  const config = dqnConfig.parse(training.dqn);
  const environment = await loadEnvironment(environmentRef(cartPole), COUNT);
  const spaces = { observation: environment.observationSpace, action: environment.actionSpace };
  const ref = policyRef(dqnPolicy, dqnPolicyConfig.strip().parse(config), spaces);
  const policy = await compilePolicy(ref);
  const random = Random.fromSeed(seed);
  const method = await createDqn(config, { spaces, batch, updates }, random.split('learner'), () => {});
  const [exploring, drawing] = [random.split('explorer'), random.split('replay')];
  const parameters = new Float32Array(ref.size);
  const width = 4;
  const store = {
    observations: new Float32Array(steps * width),
    actions: new Int32Array(steps),
    rewards: new Float32Array(steps),
    terminated: new Uint8Array(steps),
    ended: new Uint8Array(steps),
    next: new Float32Array(steps * width),
  };
  const helping = allocateSlab(helpingFields({ spaces, batch, updates }));
  helping.weights.fill(1);
  const actions = new Int32Array(COUNT);
  let stored = 0;

  function step(): void {
    const share = Math.max(epsilon.to, 1 - ((1 - epsilon.to) * stored) / epsilon.by);
    const best = policy.decide({ shape: [COUNT, width], data: environment.observations }).data;
    for (let i = 0; i < COUNT; i++) {
      actions[i] = exploring.uniform() < share ? exploring.integer(2) : best[i];
      store.observations.set(
        environment.observations.subarray(i * width, (i + 1) * width),
        (stored + i) * width,
      );
    }
    environment.step(actions as never);
    for (let i = 0; i < COUNT; i++) {
      const ended = environment.terminated[i] === 1 || environment.truncated[i] === 1;
      const from = ended ? environment.finalObservations : environment.observations;
      store.actions[stored + i] = actions[i];
      store.rewards[stored + i] = environment.rewards[i];
      store.terminated[stored + i] = environment.terminated[i];
      store.ended[stored + i] = Number(ended);
      store.next.set(from.subarray(i * width, (i + 1) * width), (stored + i) * width);
    }
    stored += COUNT;
  }

  function draw(): void {
    for (let row = 0; row < updates * batch; row++) {
      const at = drawing.integer(stored);
      helping.observations.set(store.observations.subarray(at * width, (at + 1) * width), row * width);
      helping.actions[row] = store.actions[at];
      let reward = 0;
      let discount = 1;
      let last = at;
      for (let k = 0; k < nStep && at + k * COUNT < stored; k++) {
        last = at + k * COUNT;
        reward += discount * store.rewards[last];
        discount *= gamma;
        if (store.ended[last] === 1) break;
      }
      helping.rewards[row] = reward;
      helping.discounts[row] = store.terminated[last] === 1 ? 0 : discount;
      helping.nextObservations.set(store.next.subarray(last * width, (last + 1) * width), row * width);
    }
    helping.count[0] = updates;
  }

  environment.reset({ seed });
  while (stored + COUNT * STEPS <= steps) {
    method.writeParameters(parameters);
    policy.setParameters(parameters);
    for (let t = 0; t < STEPS; t++) step();
    if (stored < 1_000) continue;
    draw();
    await method.learn(helping, stored / steps);
  }
  method.writeParameters(parameters);
  policy.setParameters(parameters);
  const judge = await loadEnvironment(environmentRef(cartPole), 20);
  const choose = () =>
    policy20.decide({ shape: [20, width], data: judge.observations }).data as unknown as Int32Array;
  const policy20 = await compilePolicy(ref);
  policy20.setParameters(parameters);
  const played = playEpisodes(judge, choose, 20, 1_000_000 + seed);
  for (const thing of [policy, policy20, method]) thing.dispose();
  for (const world of [environment, judge]) world.close();
  return episodeMeans(played).return;
}
