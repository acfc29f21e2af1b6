import { arithmeticCases } from './arithmetic.ts';
import type { Case } from './case.ts';
import { elementwiseCases } from './elementwise.ts';
import { imageCases } from './images.ts';
import { indexingCases } from './indexing.ts';
import { kernelCases } from './kernels.ts';
import { linearCases } from './linear.ts';
import { reductionCases } from './reductions.ts';
import { shapeCases } from './shapes.ts';

/** The operator sweep: at least one case for each row of the lowering table. */
export const cases: readonly Case[] = [
  ...elementwiseCases,
  ...arithmeticCases,
  ...reductionCases,
  ...shapeCases,
  ...indexingCases,
  ...linearCases,
  ...kernelCases,
  ...imageCases,
];
