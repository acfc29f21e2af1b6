import { activationRows } from './activations.ts';
import { arithmeticRows } from './arithmetic.ts';
import { constantRows } from './constants.ts';
import { convolutionRows } from './convolution.ts';
import { depthwiseRows } from './depthwise.ts';
import { elementwiseRows } from './elementwise.ts';
import { indexingRows } from './indexing.ts';
import { linearRows } from './linear.ts';
import { logicRows } from './logic.ts';
import { normalizationRows } from './normalization.ts';
import { poolingRows } from './pooling.ts';
import { reductionRows } from './reductions.ts';
import { resizeRows } from './resize.ts';
import type { Row } from './row.ts';
import { shapeRows } from './shapes.ts';

/** How every kernel of TensorFlow.js that a step may use becomes ONNX. A kernel without a row cannot be compiled. */
export const loweringTable: ReadonlyMap<string, Row> = tableOf([
  ...activationRows,
  ...arithmeticRows,
  ...constantRows,
  ...convolutionRows,
  ...depthwiseRows,
  ...elementwiseRows,
  ...indexingRows,
  ...linearRows,
  ...logicRows,
  ...normalizationRows,
  ...poolingRows,
  ...reductionRows,
  ...resizeRows,
  ...shapeRows,
]);

function tableOf(rows: readonly Row[]): ReadonlyMap<string, Row> {
  const table = new Map<string, Row>();
  for (const row of rows) {
    if (table.has(row.kernel)) throw new Error(`two rows for kernel ${row.kernel}`);
    table.set(row.kernel, row);
  }
  return table;
}
