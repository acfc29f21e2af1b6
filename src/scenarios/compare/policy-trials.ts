import { isDeepStrictEqual } from 'node:util';
import { askAgain } from '../../actors/ask-again.ts';
import type { System } from '../../actors/contract.ts';
import { evaluator } from '../../actors/evaluator.ts';
import { episodeMeans } from '../../actors/evaluator-episodes.ts';
import { readPolicy } from '../../actors/policy-files.ts';
import { usageError } from '../../core/errors.ts';
import type { TrialOutcome } from '../../evaluation/contract.ts';
import type { PlannedTrial } from '../../evaluation/experiment/index.ts';
import type { PolicyArm } from './arms.ts';
import { pickMetrics } from './metrics.ts';

/** What plays the trials of an experiment. */
export interface Players {
  play(order: PlannedTrial, signal: AbortSignal): Promise<TrialOutcome>;
}

/** What policies are played with. */
export interface PolicyPlayersOptions {
  /** Trials at once. */
  readonly lanes: number;
  readonly executor: string;
  /** Metrics that every trial must have. */
  readonly metrics: readonly string[];
  readonly patience?: number | undefined;
}

/** Milliseconds that an episode may take. */
const EPISODE_DEADLINE = 600_000;

/**
 * Players of policies: a trial is one episode from its seed, in an environment of one copy, so that it comes out the same
 * whoever plays it, beside whatever. Both arms of a pair start from the same state and meet the same chances.
 * @throws a usage error where the policies were not made for the same environment
 */
export async function policyPlayers(
  system: System,
  arms: readonly PolicyArm[],
  { lanes, executor, metrics, patience }: PolicyPlayersOptions,
): Promise<Players> {
  const stored = await Promise.all(arms.map(arm => readPolicy(arm.policy)));
  arms.forEach((arm, i) => {
    sameEnvironment(arms[0].label, stored[0].environment, arm.label, stored[i].environment);
  });
  // Policies of one kind (the same layers, other parameters) share a player.
  const kinds = stored.map(({ policy }) =>
    stored.findIndex(other => isDeepStrictEqual(other.policy, policy)),
  );
  const lane = async (number: number) => {
    const judges = await Promise.all(
      [...new Set(kinds)].map(async kind => {
        const { policy, environment } = stored[kind];
        const config = {
          environment,
          policy,
          count: 1,
          executor,
          ...(patience !== undefined && { patience }),
        };
        const name = `player-${number}-${kind + 1}`;
        return [kind, await system.spawn(evaluator, config, { name, deadline: EPISODE_DEADLINE })] as const;
      }),
    );
    const byKind = new Map(judges);
    return (arm: number, seed: number) => {
      const judge = byKind.get(kinds[arm]);
      if (!judge) throw new Error(`no player of arm ${arm}`);
      const { parameters } = stored[arm];
      return askAgain(judge, () => judge.call.evaluate({ player: { parameters }, episodes: 1, seed }));
    };
  };
  const free = await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i + 1)));
  return {
    async play({ arm, seed }) {
      const player = free.pop();
      if (!player) throw new Error(`more than ${lanes} trials at once`);
      try {
        const at = arms.findIndex(each => each.label === arm);
        const episodes = await player(at, seed);
        const figures = episodeMeans(episodes);
        return { status: 'done', metrics: pickMetrics(figures, metrics), strata: {} };
      } finally {
        free.push(player);
      }
    },
  };
}

interface Named {
  readonly module: string;
  readonly name: string;
  readonly options: unknown;
}

/** @throws a usage error where two arms have different tasks: their figures cannot be set against each other */
export function sameEnvironment(baseline: string, its: Named, arm: string, other: Named): void {
  if (isDeepStrictEqual({ ...its }, { ...other })) return;
  const what =
    its.name === other.name
      ? `${its.name} with other options (${JSON.stringify(its.options)} and ${JSON.stringify(other.options)})`
      : `different environments: ${its.name} and ${other.name}`;
  throw usageError(`compare: ${baseline} and ${arm} play ${what}, expected the same task`);
}
