import type { Check } from '../contract.ts';
import type { PlanningResult } from './figures.ts';

type Value = (result: PlanningResult) => number | undefined;

/** A bar for those runs that have what is measured. */
function bar(
  name: string,
  value: Value,
  limits: Pick<Check<PlanningResult>, 'atLeast' | 'atMost' | 'unit' | 'over'>,
  held: readonly PlanningResult['bars'][] = ['full'],
): Check<PlanningResult> {
  return {
    name: held.includes('short') && !held.includes('full') ? `short: ${name}` : name,
    applies: result => held.includes(result.bars) && value(result) !== undefined,
    value: result => value(result) ?? Number.NaN,
    ...limits,
  };
}

const normalisedOf =
  (name: string): Value =>
  ({ arms }) =>
    arms[name]?.normalised;
const median = { over: 'median' } as const;
const all = ['full', 'short', 'other', 'none'] as const;

/** Bars of full runs on the swing-up's states: section 3d of the method's page. Then those of short ones, of other tasks, and of all. */
export const checks: readonly Check<PlanningResult>[] = [
  bar(
    'the oracle over random actions',
    ({ arms }) =>
      arms['oracle'] && arms['random'] ? arms['oracle'].return - arms['random'].return : undefined,
    { atLeast: 600, unit: 'of 1000', ...median },
  ),
  bar('normalised return, interquartile mean', ({ planet }) => planet.iqm, { atLeast: 0.5, ...median }),
  bar('normalised return', normalisedOf('planet'), { atLeast: 0.3 }),
  bar('episodes', ({ episodes }) => episodes, { atMost: 50 }),
  bar('over PPO with as many decisions, lower end of 95 %', ({ planet }) => planet.overPpo, {
    atLeast: 0,
    unit: 'of 1000',
    ...median,
  }),
  bar('open loop: reward error of the best constant’s', ({ openLoop }) => openLoop?.reward, {
    atMost: 0.6,
    ...median,
  }),
  bar('open loop: observation error of the best constant’s', ({ openLoop }) => openLoop?.observation, {
    atMost: 0.75,
    ...median,
  }),
  bar('control: noise for scores, normalised', normalisedOf('noiseScores'), { atMost: 0.1, ...median }),
  bar('control: one candidate, normalised', normalisedOf('oneCandidate'), { atMost: 0.2, ...median }),
  bar('control: reward error with other actions, times', ({ openLoop }) => openLoop?.rewardShuffled, {
    atLeast: 1.6,
    ...median,
  }),
  bar(
    'control: observation error with other actions, times',
    ({ openLoop }) => openLoop?.observationShuffled,
    { atLeast: 1.6, ...median },
  ),
  bar('KL above the free nats', ({ planet }) => planet.klAboveFree, { atLeast: 0, unit: 'nats', ...median }),
  bar('KL', ({ planet }) => planet.kl, { atMost: 10, unit: 'nats', ...median }),
  bar(
    'last training returns over random actions',
    ({ planet }) => planet.overRandom,
    {
      atLeast: 2,
      unit: 'standard errors',
      ...median,
    },
    ['short'],
  ),
  bar(
    'reward error one step ahead of the best constant’s',
    ({ openLoop }) => openLoop?.rewardNext,
    {
      atMost: 0.6,
      ...median,
    },
    ['short'],
  ),
  bar(
    'test returns over random actions',
    ({ planet }) => planet.testsOverRandom,
    { atLeast: 2, unit: 'standard errors', ...median },
    ['other'],
  ),
  bar('updates on end with the KL at the free nats', ({ planet }) => planet.pinned, { atMost: 499 }, all),
  bar('environment steps of planners in latent space', latentSteps, { atMost: 0 }, all),
  bar(
    'environment steps of the planner in the true world',
    ({ arms }) => arms['oracle']?.worldSteps,
    {
      atLeast: 1,
    },
    all,
  ),
];

/** Of all arms but the oracle. */
function latentSteps({ arms }: PlanningResult): number {
  return Object.entries(arms)
    .filter(([name]) => !name.startsWith('oracle'))
    .reduce((sum, [, { worldSteps }]) => sum + worldSteps, 0);
}
