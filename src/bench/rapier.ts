import { Random } from '../core/random.ts';
import { type EnvironmentDefinition, makeVectorEnvironment } from '../env/define.ts';
import { ant, antTask } from '../env/rapier/ant.ts';
import { antRobot } from '../env/rapier/ant-robot.ts';
import { engineNames, loadEngine } from '../env/rapier/engine.ts';
import { halfCheetah } from '../env/rapier/half-cheetah.ts';
import { hopper } from '../env/rapier/hopper.ts';
import { restStart } from '../env/rapier/kinematics.ts';
import { PackedWorld } from '../env/rapier/packed-world.ts';
import { quadruped } from '../env/rapier/quadruped.ts';
import { reacher } from '../env/rapier/reacher.ts';
import { actionSize } from '../env/spaces.ts';
import { type BenchResult, spread } from './contract.ts';

const repetitions = 9;
/** Robot steps in one repetition. */
const robotSteps = 6400;

/** Packed robots on one core: what a physics step costs alone and in company, and what a whole control step does. */
export async function bench(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const engine of engineNames) {
    for (const count of [1, 16, 64]) {
      const times = await antPhysics(engine, count);
      const gated = engine === 'simd' && count === 64;
      results.push({
        name: `ant, one physics step of a robot, ${count} in a world, ${engine}`,
        unit: 'us',
        ...spread(times),
        ...(gated && { bar: '≤ 40 us (25,000 robot physics steps/s)' }),
      });
    }
  }
  for (const definition of [hopper, ant, halfCheetah, reacher, quadruped]) {
    const times = await controlSteps(definition, 64);
    results.push({
      name: `${definition.name}, one control step of a copy with its resets, 64 in a world`,
      unit: 'us',
      ...spread(times),
      ...(definition === hopper && { bar: '≤ 60 us' }),
    });
  }
  return results;
}

/** Microseconds of a physics step of one robot among `count`, motors moving. */
async function antPhysics(name: (typeof engineNames)[number], count: number): Promise<number[]> {
  const { world: options } = antTask(ant.options.parse({}));
  const world = new PackedWorld(await loadEngine(name), antRobot, count, options);
  const start = restStart(antRobot);
  start.position[1] = 0.08;
  for (let copy = 0; copy < count; copy++) world.start(copy, start);
  const steps = Math.ceil(robotSteps / count);
  let time = 0;
  const times = repeat(count * steps, () => {
    for (let k = 0; k < steps; k++, time++) {
      if (time % 4 === 0) {
        for (let copy = 0; copy < count; copy++)
          for (let j = 0; j < antRobot.joints.length; j++) world.aim(copy, j, 0.4 * Math.sin(0.1 * time + j));
      }
      world.step();
    }
  });
  world.free();
  return times;
}

/** Microseconds of a control step of one copy among `count`, random actions, resets and observations included. */
async function controlSteps(definition: EnvironmentDefinition, count: number): Promise<number[]> {
  const vector = await makeVectorEnvironment(definition, {}, count);
  const random = Random.fromSeed(0);
  const columns = Array.from({ length: 16 }, () => {
    const column = new Float32Array(count * actionSize(vector.actionSpace));
    random.fillUniform(column, -1, 1);
    return column;
  });
  vector.reset({ seed: 0 });
  const steps = Math.ceil(robotSteps / 4 / count);
  let time = 0;
  const times = repeat(count * steps, () => {
    for (let k = 0; k < steps; k++) vector.step(columns[time++ % columns.length]);
  });
  vector.close();
  return times;
}

/** Microseconds a unit of each of several calls, after one that warms up. */
function repeat(units: number, call: () => void): number[] {
  call();
  return Array.from({ length: repetitions }, () => {
    const start = performance.now();
    call();
    return ((performance.now() - start) * 1000) / units;
  });
}
