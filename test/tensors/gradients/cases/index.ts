import { binary } from './binary.ts';
import type { Cases } from './case.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { shapes } from './shapes.ts';

export const cases: Cases = {
  ...elementwise,
  ...binary,
  ...reductions,
  ...shapes,
  ...indexing,
  ...products,
};
