import { describe } from 'vitest';
import { type ExactCase, exactTests } from './exact.ts';

const cases: readonly ExactCase[] = [
  { task: 'quadruped', engine: 'simd' },
  { task: 'quadruped', engine: 'deterministic' },
  { task: 'half-cheetah', engine: 'simd' },
  { task: 'half-cheetah', engine: 'deterministic' },
  { task: 'reacher', engine: 'deterministic' },
];

describe.each(cases)('$task on the $engine build', exactTests);
