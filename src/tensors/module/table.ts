import { elementRows } from './elements.ts';
import { productRows } from './products.ts';
import { reductionRows } from './reductions.ts';
import type { ModuleRow } from './row.ts';
import { shapeRows } from './shapes.ts';

/** How operations of a graph become JavaScript. A graph with any other cannot be a module. */
export const moduleTable: ReadonlyMap<string, ModuleRow> = new Map(
  [...elementRows, ...productRows, ...shapeRows, ...reductionRows].map(row => [row.op, row]),
);
