import { z } from 'zod';
import { box, defineEnvironment } from '../../env/index.ts';
import {
  bodyIndex,
  loadEngine,
  padsOf,
  playQuadruped,
  type QuadrupedInfo,
  type QuadrupedMemory,
  quadruped,
  quadrupedRobot,
  quadrupedTask,
  type RapierTask,
  RapierVector,
  type Stage,
} from '../../env/rapier/index.ts';
import { rapierOptions } from '../../env/rapier/options.ts';
import { parameterTransforms } from './parameters.ts';
import { quadrupedCommon } from './targets.ts';

/** What the generator sets of motors, in the order of its outputs: their strength, by joint. */
export const quadrupedMotors: readonly string[] = quadrupedRobot.joints.map(({ name }) => name);
const feet = quadrupedRobot.bodies.filter(({ name }) => name.endsWith('lower')).map(({ name }) => name);
const contact = ['friction', 'restitution', 'stiffness', 'damping'] as const;
/** And of contacts, foot by foot. */
export const quadrupedContacts: readonly (readonly [foot: string, value: (typeof contact)[number]])[] =
  feet.flatMap(foot => contact.map(value => [foot.replace(' lower', ''), value] as const));
const contactNames = quadrupedContacts.map(([foot, value]) => `${foot} ${value}`);

const motors = quadrupedMotors.length;
const feetAt = feet.map(name => bodyIndex(quadrupedRobot, name));
const { motorStrength, friction, bounce, floorStiffness, floorDamping } = parameterTransforms;
/** As good as rigid. */
const pads = padsOf(1e6, 10 ** 3.5);

const options = z.strictObject({
  ...rapierOptions(500).shape,
  observationNoise: z.number().min(0).default(quadrupedCommon.observationNoise).describe("As the target's."),
  actionNoise: z.number().min(0).default(quadrupedCommon.actionNoise).describe("As the target's."),
});

/**
 * The hybrid simulator of the quadruped: that of the source domain, whose motors and contacts a generator sets anew at every
 * control step. They hold through its four physics steps.
 *
 * Observations, reward, episode and noise are `quadruped`'s in the domains of `quadrupedDomains`.
 *
 * | action | meaning | range |
 * |---|---|---|
 * | 0 … 11 | the policy's: torques, as `quadruped`'s | −1 … 1 |
 * | 12 … 23 | the generator's `u` for their strength, joint by joint: `tanh u + 0.5` times the torque | unbounded |
 * | 24, 28, 32, 36 | for a foot's friction, in the order of the legs: `2.5 (1 + tanh u)` | unbounded |
 * | 25, 29, 33, 37 | for the restitution of its landings: `(1 + tanh(u − 2)) / 2` | unbounded |
 * | 26, 30, 34, 38 | for the stiffness of what it stands on: `10^(4.5 + 1.5 tanh(u + 1))` N/m | unbounded |
 * | 27, 31, 35, 39 | for the damping of what it stands on: `10^(2.25 + 1.25 tanh u)` N·s/m | unbounded |
 *
 * Each foot has a floor of its own, a plate on a spring and a damper (see `hybridHopper`); other bodies meet rigid ground.
 * Info, beside the quadruped's: what the generator set, by the names of `quadrupedMotors` and, as `front right friction`, of
 * `quadrupedContacts`.
 */
export const hybridQuadruped = defineEnvironment(import.meta.url, {
  name: 'hybrid-quadruped',
  summary: 'Quadruped whose motors and floor a generator sets at every step.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), hybridQuadrupedTask(chosen), count),
});

/** The hybrid quadruped as a task. */
export function hybridQuadrupedTask(
  given: z.output<typeof options>,
): RapierTask<QuadrupedMemory, QuadrupedInfo | string> {
  const chosen = quadruped.options.parse(given);
  const source = quadrupedTask(chosen);
  const free = contactNames.concat(quadrupedMotors).map(() => null);
  const bounds = (bound: number) => [...new Array<number>(motors).fill(bound), ...free];
  return {
    ...source,
    name: 'hybrid-quadruped',
    actionSpace: box(2 * motors + contactNames.length, { low: bounds(-1), high: bounds(1) }),
    world: { ...source.world, ...pads },
    info: [...source.info, ...quadrupedMotors, ...contactNames],
    play: (stage: Stage<QuadrupedMemory, QuadrupedInfo | string>) => {
      const { world, info } = stage;
      const strengths = quadrupedMotors.map(name => info[name]);
      const contacts = contactNames.map(name => info[name]);
      return playQuadruped(stage, chosen, drive => (copy, actions, at) => {
        for (let j = 0; j < motors; j++) {
          strengths[j][copy] = motorStrength.of(actions[at + motors + j]);
          drive(copy, j, actions[at + j], strengths[j][copy]);
        }
        for (let foot = 0; foot < feetAt.length; foot++) {
          const k = foot * contact.length;
          const u = at + 2 * motors + k;
          contacts[k][copy] = friction.of(actions[u]);
          contacts[k + 1][copy] = bounce.of(actions[u + 1]);
          contacts[k + 2][copy] = floorStiffness.of(actions[u + 2]);
          contacts[k + 3][copy] = floorDamping.of(actions[u + 3]);
          world.grip(copy, feetAt[foot], contacts[k][copy], contacts[k + 1][copy]);
          world.spring(copy, foot, contacts[k + 2][copy], contacts[k + 3][copy]);
        }
      });
    },
  };
}
