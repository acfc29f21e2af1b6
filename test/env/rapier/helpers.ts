import type { World } from '@dimforge/rapier3d-simd-compat';
import { Random } from '../../../src/core/random.ts';
import { ant, antTask } from '../../../src/env/rapier/ant.ts';
import { cartPoleTask } from '../../../src/env/rapier/cart-pole-swing-up.ts';
import { type Engine, type EngineName, loadEngine } from '../../../src/env/rapier/engine.ts';
import { halfCheetah, halfCheetahTask } from '../../../src/env/rapier/half-cheetah.ts';
import { hopper, hopperTask } from '../../../src/env/rapier/hopper.ts';
import { quadruped, quadrupedTask } from '../../../src/env/rapier/quadruped.ts';
import { reacher, reacherTask } from '../../../src/env/rapier/reacher.ts';
import type { RapierTask } from '../../../src/env/rapier/task.ts';
import { RapierVector } from '../../../src/env/rapier/vector.ts';

export const tasks: Readonly<Record<string, RapierTask>> = {
  hopper: hopperTask(hopper.options.parse({})),
  ant: antTask(ant.options.parse({})),
  'half-cheetah': halfCheetahTask(halfCheetah.options.parse({})),
  reacher: reacherTask(reacher.options.parse({})),
  quadruped: quadrupedTask(quadruped.options.parse({})),
  'cart-pole-swing-up': cartPoleTask,
};

export async function make(name: string, count: number, engine: EngineName = 'simd'): Promise<RapierVector> {
  return new RapierVector(await loadEngine(engine), tasks[name], count);
}

/** Plays random actions of one stream a copy, and gives back one copy's observations, rewards and info, step by step. */
export function play(env: RapierVector, seed: number, steps: number, copy = 0, scale = 1): Float32Array {
  const size = env.observations.length / env.count;
  const actions = new Float32Array(env.count * actionSizeOf(env));
  const streams = Array.from({ length: env.count }, (_, i) => Random.fromSeed(seed).split('actions', i));
  const seen: number[] = [];
  const note = () => {
    seen.push(...env.observations.subarray(copy * size, (copy + 1) * size), env.rewards[copy]);
    for (const name in env.info) seen.push(env.info[name][copy]);
  };
  note();
  for (let t = 0; t < steps; t++) {
    fillActions(actions, streams, scale);
    env.step(actions);
    note();
  }
  return Float32Array.from(seen);
}

export const actionSizeOf = (env: RapierVector): number => env.actionSpace.shape[0];

export function fillActions(actions: Float32Array, streams: readonly Random[], scale = 1): void {
  const size = actions.length / streams.length;
  for (let k = 0; k < actions.length; k++) actions[k] = scale * streams[Math.floor(k / size)].uniform(-1, 1);
}

/** Whether two runs are the same to the last bit. */
export const sameBits = (one: Float32Array, other: Float32Array): boolean =>
  one.length === other.length && one.every((value, i) => Object.is(value, other[i]));

/** The engine's own view of an environment's world, for reading bodies past everything of ours. Free it. */
export function bareWorld(engine: Engine, env: RapierVector): World {
  return engine.rapier.World.restoreSnapshot(env.world.snapshot());
}
