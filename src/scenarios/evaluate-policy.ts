import { join } from 'node:path';
import { askAgain } from '../actors/ask-again.ts';
import type { System } from '../actors/contract.ts';
import { evaluator } from '../actors/evaluator.ts';
import type { Episodes } from '../actors/evaluator-episodes.ts';
import { readPolicy } from '../actors/policy-files.ts';
import { Random } from '../core/random.ts';
import { EVALUATION_DEADLINE, EVALUATOR_COPIES } from './lead.ts';

/** What `troupe evaluate` asks. */
export interface EvaluatePolicy {
  /** The folder of the run whose policy plays. */
  readonly run: string;
  readonly episodes: number;
  readonly seed: number;
  /** How many evaluators play at once; the episodes are the same for any number. */
  readonly threads: number;
  readonly executor: string;
  /** Steps after which an episode is taken for one that never ends. Default 50,000. */
  readonly patience?: number | undefined;
}

/**
 * Plays episodes with the policy that a run left behind: blocks of one episode a copy, each block with a seed of its
 * own, so that it does not matter who plays it.
 */
export async function evaluatePolicy(
  system: System,
  { run, episodes, seed, threads, executor, patience }: EvaluatePolicy,
): Promise<Pick<Episodes, 'returns' | 'lengths' | 'info'>> {
  const { policy, environment, parameters } = await readPolicy(join(run, 'policy'));
  const count = Math.min(episodes, EVALUATOR_COPIES);
  const seeds = Random.fromSeed(seed).split('evaluation');
  const blocks = Array.from({ length: Math.ceil(episodes / count) }, (_, i) => ({
    episodes: Math.min(count, episodes - i * count),
    seed: seeds.split(i).uint32(),
  }));
  const config = { environment, policy, count, executor, ...(patience !== undefined && { patience }) };
  const played: Episodes[] = [];
  const waiting = blocks.entries();
  const players = Array.from({ length: Math.min(threads, blocks.length) }, async (_, i) => {
    const name = `evaluator-${i + 1}`;
    const judge = await system.spawn(evaluator, config, { name, deadline: EVALUATION_DEADLINE });
    // All take from one list: who is done first plays the next block.
    for (const [at, block] of waiting)
      played[at] = await askAgain(judge, () => judge.call.evaluate({ player: { parameters }, ...block }));
  });
  await Promise.all(players);
  const names = Object.keys(played[0].info);
  return {
    returns: played.flatMap(block => block.returns),
    lengths: played.flatMap(block => block.lengths),
    info: Object.fromEntries(names.map(name => [name, played.flatMap(block => block.info[name])])),
  };
}
