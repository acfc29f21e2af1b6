import { sizeOf } from '../../core/arrays.ts';
import { Random } from '../../core/random.ts';
import { compile, rowsOf, type Tensor, tf } from '../../tensors/index.ts';
import {
  type Classifier,
  type ClassifierNet,
  classifierFeatures,
  classifierInit,
  classify,
} from '../classifier/index.ts';

/** What a classifier makes of images. */
export interface Reading {
  /** [images, width]: what stands before its last layer */
  readonly features: Float32Array;
  readonly width: number;
  /** [images]: the class of the largest logit */
  readonly classes: Int32Array;
}

/** Images that go through a net at once. */
export const BLOCK = 1000;

/**
 * Compiles a classifier for reading images: its features, and what it takes them for.
 * @param shape of one image
 * @param params all end to end
 */
export async function compileReading(
  net: ClassifierNet,
  shape: readonly number[],
  classes: number,
  params: Float32Array,
) {
  const form = classifierInit(Random.fromSeed(0), net, shape, classes);
  const program = await compile(
    ({ params, x }: { readonly params: Classifier<Tensor>; readonly x: Tensor }) => ({
      features: classifierFeatures(params, x),
      classes: tf.argMax(classify(params, x), 1),
    }),
    { state: { params: form }, name: 'reading' },
  );
  program.state.setFlat('params', params);
  const size = sizeOf(shape);

  return {
    /** @param x [images, ...shape] */
    async read(x: Float32Array): Promise<Reading> {
      const images = x.length / size;
      const found = new Int32Array(images);
      let features = new Float32Array(0);
      let width = 0;
      for (const [from, to] of blocks(images)) {
        const rows = rowsOf({ shape: [images, ...shape], data: x }, from, to);
        const read = await program({ x: rows });
        if (features.length === 0) {
          width = read.features.shape[1];
          features = new Float32Array(images * width);
        }
        features.set(read.features.data, from * width);
        found.set(read.classes.data, from);
      }
      return { features, width, classes: found };
    },
    dispose: () => program.dispose(),
  };
}

/** Ranges of one length that cover all images: the last one reaches back to images of the one before. */
export function* blocks(images: number): Generator<readonly [from: number, to: number]> {
  const length = Math.min(images, BLOCK);
  for (let at = 0; at < images; at += length) {
    const from = Math.min(at, images - length);
    yield [from, from + length];
  }
}
