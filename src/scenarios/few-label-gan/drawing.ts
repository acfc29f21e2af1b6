import { Random } from '../../core/random.ts';
import type { GeneratorConfig } from '../../learners/few-label-gan/config.ts';
import { type GeneratorParams, generate, generatorInit } from '../../learners/few-label-gan/networks.ts';
import { blocks } from '../../learners/label-inference/index.ts';
import { compile, rowsOf, type Tensor } from '../../tensors/index.ts';

/** Compiles a generator for drawing samples, as images are in sources of data: in [0, 1]. */
export async function compileDrawing(config: GeneratorConfig) {
  const form = generatorInit(Random.fromSeed(0), config);
  const program = await compile(
    ({
      params,
      z,
      y,
    }: {
      readonly params: GeneratorParams<Tensor>;
      readonly z: Tensor;
      readonly y: Tensor;
    }) => ({
      x: generate(params, z, y, config),
    }),
    { state: { params: form }, name: 'drawing' },
  );
  const pixels = config.size ** 2;

  return {
    /**
     * @param params all end to end
     * @param z [images, noise]
     * @param y [images], the classes that they are made for
     * @returns [images, size, size, 1], in [0, 1]
     */
    async draw(params: Float32Array, z: Float32Array, y: Int32Array): Promise<Float32Array> {
      program.state.setFlat('params', params);
      const images = new Float32Array(y.length * pixels);
      for (const [from, to] of blocks(y.length)) {
        const { x } = await program({
          z: rowsOf({ shape: [y.length, config.noise], data: z }, from, to),
          y: rowsOf({ shape: [y.length], data: y }, from, to),
        });
        images.set(x.data, from * pixels);
      }
      return images.map(value => (value + 1) / 2);
    },
    dispose: () => program.dispose(),
  };
}
