import { z } from 'zod';
import { type PolicyRef, policyRefSchema } from '../../actors/policy.ts';
import { Random } from '../../core/random.ts';
import { copyArrays, restoreArrays, Streams } from '../../env/columns.ts';
import {
  box,
  defineEnvironment,
  type EnvironmentRef,
  environmentRef,
  loadEnvironment,
  type VectorEnvironment,
} from '../../env/index.ts';
import { engineNames } from '../../env/rapier/index.ts';
import { type Ensemble, loadEnsemble } from './ensemble.ts';
import { packedParameters, packParameters } from './packed-parameters.ts';
import { policyBounds, type Robot, type RobotName, type RobotOptions, robotNames, robots } from './robots.ts';

const optionsSchema = z.strictObject({
  robot: z.enum(robotNames).describe('Whose hybrid simulator it is.'),
  policy: policyRefSchema.describe('What kind of policy behaves.'),
  behaviors: packedParameters.describe(
    'Parameters of the behaviour policies, packed; copy i has number i modulo their count.',
  ),
  engine: z.enum(engineNames).default('simd').describe('Rapier build.'),
  maxEpisodeSteps: z.number().int().positive().optional().describe("Default: the robot's."),
});

/**
 * What a generator acts in: the hybrid simulator, in which a fixed policy behaves. Its observation is `[s, a]`, a drawn by
 * the policy and brought within bounds; its action is θ, the raw parameters for this step. The reward is 0: a discriminator
 * sets it.
 *
 * Info is the hybrid simulator's. θ and the noise that a meets in the simulator are in no observation.
 */
export const simganIdentification = defineEnvironment(import.meta.url, {
  name: 'simgan-identification',
  summary: 'A fixed policy behaves in the hybrid simulator, whose parameters are the action.',
  options: optionsSchema,
  async makeVector({ robot: name, policy, behaviors, ...options }, count) {
    const robot = robots[name];
    const hybrid = await loadEnvironment(robot.hybrid(options), count);
    const packed = { name: 'behaviors', packed: behaviors };
    const { observations, actions } = robot;
    return identificationVector(
      hybrid,
      robot,
      await loadEnsemble(policy, packed, count, observations, actions),
    );
  },
});

/** A reference to it. @param behaviors parameters of the policies that behave, their exploration in them */
export const identificationOf = (
  robot: RobotName,
  policy: PolicyRef,
  behaviors: readonly Float32Array[],
  options: RobotOptions = {},
): EnvironmentRef =>
  environmentRef(simganIdentification, {
    ...{ robot, policy, behaviors: behaviors.map(packParameters) },
    ...options,
  });

function identificationVector(
  hybrid: VectorEnvironment,
  robot: Robot,
  behavior: Ensemble,
): VectorEnvironment<ReturnType<typeof box>, ReturnType<typeof box>> {
  const { count } = hybrid;
  const [size, width, theta] = [robot.observations, robot.actions, robot.parameters.length];
  const row = size + width;
  const { low, high } = policyBounds(hybrid.actionSpace, robot);
  const arrays = {
    observations: new Float32Array(count * row),
    finalObservations: new Float32Array(count * row),
    rewards: new Float32Array(count),
  };
  const { observations, finalObservations, rewards } = arrays;
  const { terminated, truncated } = hybrid;
  const hybridActions = new Float32Array(count * (width + theta));
  const streams = new Streams(count, 0);
  const memberOf = (copy: number): number => copy % behavior.members;
  const ended = (copy: number): boolean => terminated[copy] === 1 || truncated[copy] === 1;

  /** Writes states, and draws what the policies do in them, for the copies that `which` names. */
  function write(states: Float32Array, out: Float32Array, which: (copy: number) => boolean): void {
    behavior.inputs.set(states);
    for (let copy = 0; copy < count; copy++) if (which(copy)) behavior.drawNoise(copy, streams.of(copy));
    behavior.act(memberOf, true);
    for (let copy = 0; copy < count; copy++) {
      if (!which(copy)) continue;
      for (let k = 0; k < size; k++) out[copy * row + k] = states[copy * size + k];
      for (let k = 0; k < width; k++) {
        const action = behavior.actions[copy * width + k];
        out[copy * row + size + k] = Math.min(high[k], Math.max(low[k], action));
      }
    }
  }

  const begin = (): void => write(hybrid.observations, observations, () => true);
  begin();

  return {
    count,
    autoreset: 'same-step',
    observationSpace: box(row),
    actionSpace: box(theta),
    ...{ observations, finalObservations, rewards, terminated, truncated, info: hybrid.info },
    reset(options = {}) {
      hybrid.reset(options);
      if (options.seed !== undefined) streams.seed(Random.fromSeed(options.seed).split('behavior').uint32());
      rewards.fill(0);
      finalObservations.fill(0);
      begin();
    },
    step(actions) {
      for (let copy = 0; copy < count; copy++) {
        const at = copy * (width + theta);
        for (let k = 0; k < width; k++) hybridActions[at + k] = observations[copy * row + size + k];
        for (let k = 0; k < theta; k++) hybridActions[at + width + k] = actions[copy * theta + k];
      }
      hybrid.step(hybridActions);
      let any = false;
      for (let copy = 0; copy < count; copy++) any ||= ended(copy);
      if (any) write(hybrid.finalObservations, finalObservations, ended);
      begin();
    },
    render: index => (hybrid.render as NonNullable<typeof hybrid.render>)(index),
    onEnd: look => hybrid.onEnd?.(look),
    snapshot: () => ({
      hybrid: hybrid.snapshot?.() ?? null,
      streams: streams.state,
      ...copyArrays(arrays),
    }),
    restore(snapshot) {
      const state = snapshot as { readonly hybrid: never; readonly streams: Uint32Array };
      hybrid.restore?.(state.hybrid);
      restoreArrays(arrays, snapshot);
      streams.state = state.streams;
    },
    close() {
      hybrid.close();
      behavior.dispose();
    },
  };
}
