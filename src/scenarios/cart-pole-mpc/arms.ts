import type { PlannerSettings } from '../../actors/planner/index.ts';
import type { Role } from '../../report/exhibits/index.ts';
import type { MpcOptions } from './options.ts';

/** One way to choose actions. */
export interface MpcArm {
  /** In the summary and the log. */
  readonly name: string;
  /** In pictures. */
  readonly title: string;
  readonly role: Role;
  /** Without one, actions are drawn evenly, or zero. */
  readonly planner: PlannerSettings | 'random' | 'zero';
  /** Whether the true simulator says the returns, or a generator of random numbers. Default the simulator. */
  readonly scores?: 'noise';
}

/** Episodes that an arm plays. */
export const episodesOf = ({ role }: MpcArm, { episodes, controlEpisodes }: MpcOptions): number =>
  role === 'control' ? controlEpisodes : episodes;

/** The arms of a run, in their order. */
export function armsOf(options: MpcOptions): MpcArm[] {
  const { candidates, horizon, iterations, elites, temperature } = options;
  const cem = (changes: { candidates?: number; horizon?: number } = {}): PlannerSettings => {
    const count = changes.candidates ?? candidates;
    return {
      ...{ kind: 'cem', candidates: count, horizon: changes.horizon ?? horizon, iterations },
      // A tenth of the candidates, as ever; of a few, five.
      elites: Math.min(count, Math.max(Math.round((elites * count) / candidates), Math.min(elites, 5))),
    };
  };
  const all = candidates * iterations;
  return [
    { name: 'cem', title: 'CEM', role: 'method', planner: cem() },
    {
      name: 'mppi',
      title: 'MPPI',
      role: 'method',
      planner: { kind: 'mppi', candidates: all, horizon, temperature },
    },
    {
      name: 'shooting',
      title: 'random shooting',
      role: 'baseline',
      planner: { kind: 'random-shooting', candidates: all, horizon },
    },
    ...options.sweepHorizons.map(
      (horizon): MpcArm => ({
        name: `horizon${horizon}`,
        title: `CEM, horizon ${horizon}`,
        role: 'baseline',
        planner: cem({ horizon }),
      }),
    ),
    ...options.sweepCandidates.map(
      (candidates): MpcArm => ({
        name: `candidates${candidates}`,
        title: `CEM, ${candidates} candidates`,
        role: 'baseline',
        planner: cem({ candidates }),
      }),
    ),
    {
      name: 'oneCandidate',
      title: 'CEM, one candidate',
      role: 'control',
      planner: { kind: 'cem', candidates: 1, horizon, iterations: 1, elites: 1 },
    },
    {
      name: 'noiseScores',
      title: 'CEM, noise for scores',
      role: 'control',
      planner: cem(),
      scores: 'noise',
    },
    { name: 'random', title: 'random actions', role: 'control', planner: 'random' },
    { name: 'zero', title: 'no action', role: 'control', planner: 'zero' },
  ];
}
