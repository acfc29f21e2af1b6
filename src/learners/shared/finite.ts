import { BrokenLearning } from '../../actors/learner.ts';

/**
 * Ends learning that went astray: what it would do next is not a number either.
 * @param advice what to try
 * @throws `BrokenLearning` where a figure is not finite
 */
export function mustBeFinite(figures: Readonly<Record<string, number>>, advice: string): void {
  const broken = Object.entries(figures).find(([, value]) => !Number.isFinite(value));
  if (broken) throw new BrokenLearning(`learning broke down: ${broken[0]} = ${broken[1]}; try ${advice}`);
}
