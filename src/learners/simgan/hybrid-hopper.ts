import { z } from 'zod';
import { box, defineEnvironment } from '../../env/index.ts';
import {
  bodyIndex,
  type HopperInfo,
  type HopperMemory,
  hopper,
  hopperRobot,
  hopperTask,
  loadEngine,
  playHopper,
  type RapierTask,
  RapierVector,
  type Stage,
} from '../../env/rapier/index.ts';
import { rapierOptions } from '../../env/rapier/options.ts';
import { parameterTransforms } from './parameters.ts';
import { hopperCommon } from './targets.ts';

/** What the generator sets, in the order of its outputs. */
const set = ['hip', 'knee', 'ankle', 'friction', 'restitution', 'stiffness', 'damping'] as const;
type Info = HopperInfo | (typeof set)[number] | 'sink';

const motors = hopperRobot.joints.length;
const foot = bodyIndex(hopperRobot, 'foot');
const { servoStrength, friction, bounce, floorStiffness, floorDamping } = parameterTransforms;

const plate = { under: ['foot'], mass: 4, stiffness: 1e6, damping: 10 ** 3.5 } as const;

const options = z.strictObject({
  ...rapierOptions(500).shape,
  observationNoise: z.number().min(0).default(hopperCommon.observationNoise).describe("As the target's."),
  actionNoise: z.number().min(0).default(hopperCommon.actionNoise).describe("As the target's."),
});

/**
 * The hybrid simulator of the hopper: that of the source domain, whose motors and contact a generator sets anew at every
 * control step. They hold through its four physics steps.
 *
 * Observations, reward, episode and noise are `hopper`'s in the domains of `hopperDomains`.
 *
 * | action | meaning | range |
 * |---|---|---|
 * | 0, 1, 2 | the policy's: targets of hip, knee and ankle | −1 … 1 |
 * | 3, 4, 5 | the generator's `u` for their strength: `max(0, tanh(u + 0.55) + 0.5)` times gains and torque | unbounded |
 * | 6 | for the foot's friction: `2.5 (1 + tanh u)` | unbounded |
 * | 7 | for the restitution of its landings: `(1 + tanh(u − 2)) / 2` | unbounded |
 * | 8 | for the stiffness of what it stands on: `10^(4.5 + 1.5 tanh(u + 1))` N/m | unbounded |
 * | 9 | for the damping of what it stands on: `10^(2.25 + 1.25 tanh u)` N·s/m | unbounded |
 *
 * The floor under the foot is a plate of 4 kg without end on a spring and a damper, which push the foot up by `k · sink + d · ṡink` while
 * it is on the plate: Rapier has no stiffness of single contacts, and a force beside a rigid floor could not let a foot sink
 * in. At 1 MN/m it is the source's rigid floor to within 0.1 mm at rest; its motion is the source's to the last bit in the air, and within 0.05 (m, rad) over the first 40
 * steps of a hop: a landing is solved a little otherwise, and steps on its own.
 *
 * Info, beside the hopper's: what the generator set (`hip`, `knee`, `ankle`, `friction`, `restitution`, `stiffness`,
 * `damping`), and how deep the plate is (`sink`, m); nothing else tells them.
 */
export const hybridHopper = defineEnvironment(import.meta.url, {
  name: 'hybrid-hopper',
  summary: 'Hopper whose motors and floor a generator sets at every step.',
  options,
  makeVector: async (chosen, count) =>
    new RapierVector(await loadEngine(chosen.engine), hybridHopperTask(chosen), count),
});

/** The hybrid hopper as a task. */
export function hybridHopperTask(given: z.output<typeof options>): RapierTask<HopperMemory, Info> {
  const chosen = hopper.options.parse(given);
  const source = hopperTask(chosen);
  const free = set.map(() => null);
  const lows = new Array(motors).fill(-1);
  return {
    ...source,
    name: 'hybrid-hopper',
    actionSpace: box(motors + set.length, { low: [...lows, ...free], high: [...lows.map(() => 1), ...free] }),
    world: { ...source.world, springs: plate, apart: true },
    info: [...source.info, ...set, 'sink'],
    play: (stage: Stage<HopperMemory, Info>) => {
      const { world, info } = stage;
      const strengths = [info.hip, info.knee, info.ankle] as const;
      const played = playHopper(stage, chosen, drive => (copy, actions, at) => {
        const u = at + motors;
        for (let j = 0; j < motors; j++) {
          strengths[j][copy] = servoStrength.of(actions[u + j]);
          drive(copy, j, actions[at + j], strengths[j][copy]);
        }
        info.friction[copy] = friction.of(actions[u + 3]);
        info.restitution[copy] = bounce.of(actions[u + 4]);
        info.stiffness[copy] = floorStiffness.of(actions[u + 5]);
        info.damping[copy] = floorDamping.of(actions[u + 6]);
        world.grip(copy, foot, info.friction[copy], info.restitution[copy]);
        world.spring(copy, 0, info.stiffness[copy], info.damping[copy]);
      });
      return {
        ...played,
        measure(copy) {
          played.measure(copy);
          info.sink[copy] = world.sink(copy, 0);
        },
      };
    },
  };
}
