import { loadEngine } from '../../../src/env/rapier/engine.ts';
import type { RapierVector } from '../../../src/env/rapier/vector.ts';
import { bareWorld } from './helpers.ts';

/** The force that the floor bears over 200 physics steps, motors as they are, N a copy: by what momentum does not change. */
export async function weightOnFloor(env: RapierVector): Promise<number> {
  const world = bareWorld(await loadEngine('simd'), env);
  let mass = 0;
  const momentum = () => {
    let sum = 0;
    mass = 0;
    world.forEachRigidBody(body => {
      if (!body.isDynamic()) return;
      sum += body.mass() * body.linvel().y;
      mass += body.mass();
    });
    return sum;
  };
  const before = momentum();
  for (let t = 0; t < 200; t++) world.step();
  const change = momentum() - before;
  const force = (mass * 9.81 + change / (200 * world.timestep)) / env.count;
  world.free();
  return force;
}
