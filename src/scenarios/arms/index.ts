export { type ArmsOptions, openArms } from './arms.ts';
export type { Arm, Arms, Lane, LaneOptions } from './contract.ts';
export { type LearnerPlace, learnersOption } from './lane.ts';
