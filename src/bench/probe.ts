import { Random } from '../core/random.ts';
import { actionSize, findEnvironment, makeVectorEnvironment } from '../env/index.ts';
import { compile, type Tensor, tf } from '../tensors/index.ts';
import { spread } from './contract.ts';

/**
 * Times this machine in about half a second, so that figures of speed from different machines can be set side by side:
 * `matmul_512_ms`, a product of two 512 × 512 matrices, and `packed_robot_us`, one physics step of one of 64 hoppers in
 * one world. Medians.
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
  const hoppers = await makeVectorEnvironment(await findEnvironment('hopper'), {}, count);
  const actions = new Float32Array(count * actionSize(hoppers.actionSpace as never));
  hoppers.reset({ seed: 0 });
  const times = await timed(10, () => hoppers.step(actions as never));
  hoppers.close();
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
