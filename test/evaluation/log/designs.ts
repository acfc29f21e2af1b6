import type { Design } from '../../../src/evaluation/contract.ts';

/** A design as others are made from. */
export const gripper: Design = {
  name: 'gripper',
  hypothesis: 'The soft gripper drops fewer cubes',
  arms: [
    { name: 'hard', weight: 1 },
    { name: 'soft', weight: 1 },
  ],
  unit: 'trial',
  metric: { name: 'success', kind: 'binary', better: 'higher' },
  secondary: [{ name: 'seconds', kind: 'number', better: 'lower' }],
  strata: ['operator'],
  stopping: { rule: 'always-valid', planned: 1000, cap: 5000 },
  level: 0.95,
  worthFinding: 0.05,
};
