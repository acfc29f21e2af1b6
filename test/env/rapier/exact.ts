import { expect, test } from 'vitest';
import type { EngineName } from '../../../src/env/rapier/engine.ts';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import type { RobotWorld } from '../../../src/env/rapier/packed-world.ts';
import { make, play, sameBits } from './helpers.ts';

const steps = 200;

/** A task on a build of the engine. */
export interface ExactCase {
  readonly task: string;
  readonly engine: EngineName;
}

/** What a new environment does after `reset({ seed })`. */
async function fresh(task: string, engine: EngineName, count: number, copy: number): Promise<Float32Array> {
  const env = await make(task, count, engine);
  env.reset({ seed: 7 });
  const seen = play(env, 7, steps, copy);
  env.close();
  return seen;
}

/** The states of copy 1 over 400 physics steps of a fixed motion. @param push metres a second more at the start */
function follow(world: RobotWorld, push = 0): Float32Array {
  const { joints } = world.robot;
  const start = restStart(world.robot);
  if (world.hasGround) start.position[1] = 0.06;
  start.speeds[0] = push;
  world.start(1, start);
  const seen: number[] = [];
  for (let t = 0; t < 400; t++) {
    if (t % 4 === 0) {
      for (let j = 0; j < joints.length; j++)
        if (joints[j].motor) world.aim(1, j, 0.5 * Math.sin(0.13 * t + j));
    }
    world.step();
    world.gather(1);
    seen.push(...world.states.subarray(world.stride, 2 * world.stride));
  }
  return Float32Array.from(seen);
}

/** Registers what must hold to the last bit. */
export function exactTests({ task, engine }: ExactCase): void {
  test('a reset forgets what came before, however near or far it had gone', async () => {
    const expected = await fresh(task, engine, 2, 1);
    const env = await make(task, 2, engine);
    // 7 steps are within the first landing, 30 leave a robot on its feet near its start, 230 pass many ends.
    for (const [before, scale] of [
      [7, 0],
      [30, 0.2],
      [230, 1],
    ]) {
      env.reset({ seed: before });
      play(env, before, before, 0, scale);
      env.reset({ seed: 7 });
      expect(sameBits(play(env, 7, steps, 1), expected)).toBe(true);
    }
    env.close();
  });

  test('a copy is the same alone in the world and among others', async () => {
    const alone = await fresh(task, engine, 1, 0);
    expect(sameBits(await fresh(task, engine, 5, 0), alone)).toBe(true);
  });

  test('one robot that starts anew among moving neighbours is a fresh one', async () => {
    const env = await make(task, 3, engine);
    env.reset({ seed: 3 });
    play(env, 3, 40);
    const among = follow(env.world);
    const other = await make(task, 3, engine);
    expect(sameBits(follow(other.world), among)).toBe(true);
    // The motion is sensitive enough for a trace of the past to show.
    expect(sameBits(follow(other.world, 1e-6), among)).toBe(false);
    env.close();
    other.close();
  });

  test('a snapshot goes on to the same bits, in the same environment and in a new one', async () => {
    const env = await make(task, 3, engine);
    env.reset({ seed: 7 });
    play(env, 7, 30);
    const snapshot = structuredClone(env.snapshot());
    const expected = play(env, 9, steps, 2);
    const other = await make(task, 3, engine);
    for (const restored of [env, other]) {
      restored.restore(snapshot);
      expect(sameBits(play(restored, 9, steps, 2), expected)).toBe(true);
    }
    env.close();
    other.close();
  });
}
