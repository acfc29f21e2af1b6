import { z } from 'zod';
import { type PolicyRef, policyRefSchema } from '../../actors/policy.ts';
import { Random } from '../../core/random.ts';
import { Streams } from '../../env/columns.ts';
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
  generator: policyRefSchema.describe('What kind of generator sets the parameters.'),
  generators: packedParameters.describe('Parameters of its snapshots, packed.'),
  stochastic: z.boolean().default(true).describe('Whether parameters are drawn, or the likeliest ones.'),
  engine: z.enum(engineNames).default('simd').describe('Rapier build.'),
  maxEpisodeSteps: z.number().int().positive().optional().describe("Default: the robot's."),
});

/**
 * What a policy is refined in: the hybrid simulator, whose parameters are set at every control step by one of a generator's
 * snapshots, drawn anew each time for each copy. Observations, action and reward are the robot's own.
 */
export const simganRefinement = defineEnvironment(import.meta.url, {
  name: 'simgan-refinement',
  summary: 'The hybrid simulator with the parameters that generators set.',
  options: optionsSchema,
  async makeVector({ robot: name, generator, generators, stochastic, ...options }, count) {
    const robot = robots[name];
    const hybrid = await loadEnvironment(robot.hybrid(options), count);
    const { observations, actions, parameters } = robot;
    const packed = { name: 'generators', packed: generators };
    const ensemble = await loadEnsemble(generator, packed, count, observations + actions, parameters.length);
    return refinementVector(hybrid, robot, ensemble, stochastic);
  },
});

/** A reference to it. @param generators parameters of the snapshots */
export const refinementOf = (
  robot: RobotName,
  generator: PolicyRef,
  generators: readonly Float32Array[],
  options: RobotOptions & { readonly stochastic?: boolean } = {},
): EnvironmentRef =>
  environmentRef(simganRefinement, {
    ...{ robot, generator, generators: generators.map(packParameters) },
    ...options,
  });

function refinementVector(
  hybrid: VectorEnvironment,
  robot: Robot,
  generator: Ensemble,
  stochastic: boolean,
): VectorEnvironment<ReturnType<typeof box>, ReturnType<typeof box>> {
  const { count } = hybrid;
  const [size, width, theta] = [robot.observations, robot.actions, robot.parameters.length];
  const bounds = policyBounds(hybrid.actionSpace, robot);
  const hybridActions = new Float32Array(count * (width + theta));
  const streams = new Streams(count, 0);
  const chosen = new Int32Array(count);
  const memberOf = (copy: number): number => chosen[copy];

  /** What the snapshots set for what is seen and about to be done. */
  function setParameters(actions: Float32Array): void {
    const { inputs } = generator;
    for (let copy = 0; copy < count; copy++) {
      const at = copy * (size + width);
      for (let k = 0; k < size; k++) inputs[at + k] = hybrid.observations[copy * size + k];
      for (let k = 0; k < width; k++) inputs[at + size + k] = actions[copy * width + k];
      chosen[copy] = streams.of(copy).integer(generator.members);
      if (stochastic) generator.drawNoise(copy, streams.of(copy));
    }
    generator.act(memberOf, stochastic);
  }

  return {
    count,
    autoreset: 'same-step',
    observationSpace: box(size),
    actionSpace: box(width, bounds),
    observations: hybrid.observations,
    finalObservations: hybrid.finalObservations,
    rewards: hybrid.rewards,
    terminated: hybrid.terminated,
    truncated: hybrid.truncated,
    info: hybrid.info,
    reset(options = {}) {
      hybrid.reset(options);
      if (options.seed !== undefined) streams.seed(Random.fromSeed(options.seed).split('generator').uint32());
    },
    step(actions) {
      setParameters(actions as Float32Array);
      for (let copy = 0; copy < count; copy++) {
        const at = copy * (width + theta);
        for (let k = 0; k < width; k++) hybridActions[at + k] = actions[copy * width + k];
        for (let k = 0; k < theta; k++) hybridActions[at + width + k] = generator.actions[copy * theta + k];
      }
      hybrid.step(hybridActions);
    },
    render: index => (hybrid.render as NonNullable<typeof hybrid.render>)(index),
    onEnd: look => hybrid.onEnd?.(look),
    snapshot: () => ({ hybrid: hybrid.snapshot?.() ?? null, streams: streams.state }),
    restore(snapshot) {
      const state = snapshot as { readonly hybrid: never; readonly streams: Uint32Array };
      hybrid.restore?.(state.hybrid);
      streams.state = state.streams;
    },
    close() {
      hybrid.close();
      generator.dispose();
    },
  };
}
