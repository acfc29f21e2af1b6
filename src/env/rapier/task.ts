import type { Random } from '../../core/random.ts';
import type { SceneObject } from '../../core/scene.ts';
import type { Box } from '../spaces.ts';
import type { WorldOptions } from './build.ts';
import type { Start } from './kinematics.ts';
import type { RobotWorld } from './packed-world.ts';
import type { RobotDescription } from './robot.ts';

/** What a copy keeps through its episode, one number each by name; part of the snapshot, zero when an episode starts. */
export type Memory<M extends string = string> = Readonly<Record<M, Float64Array>>;

/** A task on packed robots: what robot, what world, and what counts. The physics and the episode loop are others'. */
export interface RapierTask<M extends string = string, I extends string = string> {
  readonly name: string;
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  readonly robot: RobotDescription;
  readonly world: WorldOptions;
  /** Physics steps in one control step. */
  readonly physicsSteps: number;
  /** Control steps after which an episode is truncated. */
  readonly episodeSteps: number;
  /** Metres from which pictures look at the robot. Default 4. */
  readonly viewDistance?: number;
  readonly memory: readonly M[];
  readonly info: readonly I[];
  play(stage: Stage<M, I>): Play;
}

/** Where a task plays. Columns and memories are by copy. */
export interface Stage<M extends string = string, I extends string = string> {
  readonly world: RobotWorld;
  readonly memory: Memory<M>;
  readonly info: Readonly<Record<I, Float32Array>>;
  /** The stream of a copy's chances, the one that its starts are drawn from: for noise as it acts and observes. */
  random(copy: number): Random;
}

/** A task at work. `copy` is the index of a robot; the world's `states` are fresh when a method is called. */
export interface Play {
  /**
   * Draws where an episode starts; may write the copy's memory, which is zero by now.
   * @param start at rest when given; what is written into it counts
   */
  start(random: Random, start: Start, copy: number): void;
  /** Sets the motors. @param actions the copy's own from `at` on, within the action space */
  act(copy: number, actions: Float32Array, at: number): void;
  /** After every physics step; `states` are those of the control step's start but for what it gathers itself. */
  watch?(copy: number): void;
  /** Writes the info columns, from the states and the memory: when copies are reset, and before `judge`. */
  measure(copy: number): void;
  /** After the last physics step: gives the reward. */
  judge(copy: number, actions: Float32Array, at: number): number;
  /** Whether the task itself ended; asked after `judge`. */
  ended(copy: number): boolean;
  observe(copy: number, out: Float32Array, at: number): void;
  /** What a picture shows beside the robot and the ground, in the robot's coordinates. */
  draw?(copy: number): readonly SceneObject[];
  /** A line to print over the picture. */
  caption(copy: number): string;
}
