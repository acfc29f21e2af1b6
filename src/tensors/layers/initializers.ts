import type { Random } from '../../core/random.ts';

/**
 * How weights [inputs, outputs] start.
 * - `orthogonal`: orthonormal columns, or rows where there are more outputs than inputs (Saxe et al., 2014)
 * - `glorot`: uniform within ±√(6 / (inputs + outputs)) (Glorot & Bengio, 2010)
 * - `he`: normal with standard deviation √(2 / inputs) (He et al., 2015)
 * - `torch`: uniform within ±1/√inputs, the biases too: what `torch.nn.Linear` does by default
 * - `normal`: standard normal; the gain is its standard deviation
 * - `zeros`
 */
export type Initializer = 'orthogonal' | 'glorot' | 'he' | 'torch' | 'normal' | 'zeros';

/** Weights [inputs, outputs], row-major, times `gain`. */
export function initialWeights(
  random: Random,
  inputs: number,
  outputs: number,
  init: Initializer,
  gain: number,
): Float32Array {
  const weights = new Float64Array(inputs * outputs);
  switch (init) {
    case 'orthogonal':
      weights.set(orthogonal(random, inputs, outputs));
      break;
    case 'glorot': {
      const bound = Math.sqrt(6 / (inputs + outputs));
      random.fillUniform(weights, -bound, bound);
      break;
    }
    case 'he':
      random.fillNormal(weights);
      for (let i = 0; i < weights.length; i++) weights[i] *= Math.sqrt(2 / inputs);
      break;
    case 'torch':
      random.fillUniform(weights, -1 / Math.sqrt(inputs), 1 / Math.sqrt(inputs));
      break;
    case 'normal':
      random.fillNormal(weights);
      break;
    case 'zeros':
  }
  return Float32Array.from(weights, weight => weight * gain);
}

/**
 * A random matrix [rows, columns] whose shorter side is orthonormal, uniform over all such matrices: the Q of a
 * Gaussian matrix's QR decomposition with a positive diagonal of R (Mezzadri, 2007), which is what Gram-Schmidt
 * gives. Each vector is orthogonalised twice, which is enough for float64 accuracy (Kahan and Parlett).
 */
export function orthogonal(random: Random, rows: number, columns: number): Float64Array {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors = new Float64Array(count * length);
  random.fillNormal(vectors);
  for (let i = 0; i < count; i++) {
    const vector = vectors.subarray(i * length, (i + 1) * length);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) subtractProjection(vector, vectors.subarray(j * length, (j + 1) * length));
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let k = 0; k < length; k++) vector[k] /= norm;
  }
  if (columns > rows) return vectors;
  const matrix = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      matrix[row * columns + column] = vectors[column * length + row];
    }
  }
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const along = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i] -= along * unit[i];
}
