import { Random } from '../../core/random.ts';

/**
 * The chance of a layer on a micro-batch: uniform in [0, 1), from the seed, the number of the micro-batch over the whole run (mini-batch
 * · M + micro-batch) and the layer's name alone (Huang et al., 2019, in Lingvo). So a recomputation sees what the first pass saw, and it
 * does not matter where the net is cut.
 */
export function layerNoise(seed: number, microOfRun: number, layer: string, out: Float32Array): Float32Array {
  Random.fromSeed(seed).split('noise', layer, microOfRun).fillUniform(out);
  return out;
}
