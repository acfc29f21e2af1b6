/** The columns of a row that are not 0. */
export interface SparseRow {
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

const ridge = 1;
const steps = 60;

/**
 * Ridge logistic regression with an intercept that is not penalised. Steps use Böhning's bound of the
 * curvature, XᵀX/4 + ridge, which is factored once and never overshoots (Böhning, Annals of the Institute of
 * Statistical Mathematics 1992).
 * @param columns of the encoding, the intercept not counted
 * @returns the log odds of a row
 */
export function fitLogistic(
  rows: readonly SparseRow[],
  labels: readonly boolean[],
  columns: number,
): (row: SparseRow) => number {
  const size = columns + 1;
  const factor = cholesky(curvature(rows, size), size);
  const weights = new Float64Array(size);
  const step = new Float64Array(size);
  const logOdds = (row: SparseRow): number => {
    let sum = weights[columns];
    for (let i = 0; i < row.columns.length; i++) sum += weights[row.columns[i]] * row.values[i];
    return sum;
  };
  for (let round = 0; round < steps; round++) {
    for (let i = 0; i < columns; i++) step[i] = -ridge * weights[i];
    step[columns] = 0;
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r];
      const miss = (labels[r] ? 1 : 0) - 1 / (1 + Math.exp(-logOdds(row)));
      for (let i = 0; i < row.columns.length; i++) step[row.columns[i]] += miss * row.values[i];
      step[columns] += miss;
    }
    solve(factor, size, step);
    let largest = 0;
    for (let i = 0; i < size; i++) {
      weights[i] += step[i];
      largest = Math.max(largest, Math.abs(step[i]));
    }
    if (largest < 1e-6) break;
  }
  return logOdds;
}

/** XᵀX/4 with the ridge on its diagonal, the intercept last. */
function curvature(rows: readonly SparseRow[], size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  const last = size - 1;
  for (const row of rows) {
    for (let i = 0; i < row.columns.length; i++) {
      const at = row.columns[i];
      const quarter = row.values[i] / 4;
      for (let j = 0; j < row.columns.length; j++)
        matrix[at * size + row.columns[j]] += quarter * row.values[j];
      matrix[last * size + at] += quarter;
    }
    matrix[last * size + last] += 0.25;
  }
  for (let i = 0; i < last; i++) matrix[i * size + i] += ridge;
  return matrix;
}

/** The lower factor L of L Lᵀ, in place; only the lower triangle is read. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k] * matrix[j * size + k];
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * size + j];
    }
  }
  return matrix;
}

/** Solves L Lᵀ x = b, in place. */
function solve(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) b[i] -= factor[i * size + k] * b[k];
    b[i] /= factor[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) b[i] -= factor[k * size + i] * b[k];
    b[i] /= factor[i * size + i];
  }
}
