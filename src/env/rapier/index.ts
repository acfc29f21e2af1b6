export { ant, antTask } from './ant.ts';
export { antRobot } from './ant-robot.ts';
export type { WorldOptions } from './build.ts';
export {
  type CartPolePhysics,
  cartPolePhysics,
  cartPoleRobot,
  cartPoleRobotOf,
  cartPoleSwingUp,
  cartPoleTask,
  type Push,
  playSwingUp,
  swingUpTask,
} from './cart-pole-swing-up.ts';
export { type Engine, type EngineName, engineNames, loadEngine, type Rapier } from './engine.ts';
export { halfCheetah, halfCheetahTask } from './half-cheetah.ts';
export { halfCheetahRobot } from './half-cheetah-robot.ts';
export { type HopperInfo, type HopperMemory, hopper, hopperTask, hopperWorld, playHopper } from './hopper.ts';
export { hopperRobot } from './hopper-robot.ts';
export { bodyStride, restStart, type Start } from './kinematics.ts';
export { PackedWorld, type RobotWorld, startClearance } from './packed-world.ts';
export {
  padsOf,
  playQuadruped,
  type QuadrupedInfo,
  type QuadrupedMemory,
  quadruped,
  quadrupedTask,
} from './quadruped.ts';
export { quadrupedRobot } from './quadruped-robot.ts';
export { inBody, turnAboutZ } from './quaternions.ts';
export { reacher, reacherTask } from './reacher.ts';
export { reacherRobot } from './reacher-robot.ts';
export {
  type BodyDescription,
  type BodyShape,
  bodyIndex,
  type DriveDescription,
  type JointDescription,
  type MotorDescription,
  massOf,
  type RobotDescription,
  type ServoDescription,
} from './robot.ts';
export { alongX, alongZ, tilted, upright } from './shapes.ts';
export type { Memory, Play, RapierTask, Stage } from './task.ts';
export { RapierVector } from './vector.ts';
