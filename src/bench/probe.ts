import { Random } from '../core/random.ts';
import { makeVectorEnvironment } from '../env/define.ts';
import { ant } from '../env/rapier/ant.ts';
import { actionSize } from '../env/spaces.ts';
import { compile, type Tensor, tf } from '../tensors/index.ts';
import { spread } from './contract.ts';

/**
 * Times this machine in about half a second, so that figures of speed from different machines can be set side by side.
 * Medians: `matmul_512_ms`, a product of two 512 × 512 matrices; `packed_robot_us`, a control step (four physics steps)
 * of one of 64 ants that stand in one world.
 */
export async function probe(): Promise<Readonly<Record<string, number>>> {
  return { matmul_512_ms: await matmul(512), packed_robot_us: await packedRobots(64) };
}

async function matmul(size: number): Promise<number> {
  const random = Random.fromSeed(0);
  const fill = () => {
    const data = new Float32Array(size * size);
    random.fillUniform(data, -1, 1);
    return { shape: [size, size], data };
  };
  const product = await compile(({ a, b }: { a: Tensor; b: Tensor }) => ({ c: tf.matMul(a, b) }), {
    state: {},
  });
  const inputs = { a: fill(), b: fill() };
  const times = await timed(5, async () => void (await product(inputs)));
  product.dispose();
  return spread(times).median;
}

async function packedRobots(count: number): Promise<number> {
  const ants = await makeVectorEnvironment(ant, {}, count);
  const actions = new Float32Array(count * actionSize(ants.actionSpace));
  ants.reset({ seed: 0 });
  const times = await timed(10, () => ants.step(actions));
  ants.close();
  return (spread(times).median * 1000) / count;
}

/** Milliseconds of each of `times` calls, after one that warms up. */
async function timed(times: number, call: () => void | Promise<void>): Promise<number[]> {
  await call();
  const result: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await call();
    result.push(performance.now() - start);
  }
  return result;
}
