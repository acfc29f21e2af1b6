import { elementwiseRows } from './elementwise.ts';
import { linearRows } from './linear.ts';
import { reductionRows } from './reductions.ts';
import type { Row } from './row.ts';
import { shapeRows } from './shapes.ts';

/** How every kernel of TensorFlow.js that a step may use becomes ONNX. A kernel without a row cannot be compiled. */
export const loweringTable: ReadonlyMap<string, Row> = tableOf([
  ...elementwiseRows,
  ...linearRows,
  ...reductionRows,
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
