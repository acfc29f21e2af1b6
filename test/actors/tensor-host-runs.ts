import { learnOnHost } from './learn-on-host.ts';

/**
 * Two learners, each alone on a tensor host, and both on one.
 * @param dies whether they also learn on one that goes down meanwhile
 */
export async function hostRuns(executor: string, { dies = true } = {}) {
  const both = ['left', 'right'];
  const alone = await Promise.all(both.map(name => learnOnHost(executor, [name])));
  const together = await learnOnHost(executor, both);
  return { alone, together, ...(dies && { died: await learnOnHost(executor, both, { dies }) }) };
}
