import type { PlannerSettings } from '../../actors/planner/index.ts';
import type { PlanetSettings } from '../../learners/planet/config.ts';
import type { Role } from '../../report/exhibits/index.ts';
import type { ArmName, PlanningOptions } from './options.ts';
import { differing, planetOf, type Task, tasksAsTheyAre } from './tasks.ts';

interface Named {
  /** In the summary and the log. */
  readonly name: string;
  /** In pictures. */
  readonly title: string;
  readonly role: Role;
}

/** One way to learn a latent model, and to plan in it. */
export interface PlanetArm extends Named {
  /** Who acts while episodes are collected after the seed episodes. */
  readonly collect: 'planner' | 'random';
  /** Settings of PlaNet that are this arm's own. */
  readonly planet?: PlanetSettings;
  /** Another planner than the cross-entropy method of `planet`. */
  readonly planner?: PlannerSettings;
  /** Films the first test episode under this title. */
  readonly film?: string;
  /** Test episodes. Default: the run's. */
  readonly tests?: number;
}

/** One that learns no latent model: PPO, the true simulator, or nothing. */
export interface WorldArm extends Named {
  readonly kind: 'ppo' | 'oracle' | 'random';
  readonly task: Task;
  /** Test episodes. */
  readonly tests: number;
  /** Of PPO: how many times PlaNet's decisions it takes. */
  readonly times?: number;
}

/** PlaNet's final weights, with something wrong in how they are planned with. */
export interface ControlArm extends Named {
  readonly planner?: PlannerSettings;
  readonly scores?: 'noise';
}

/** The method. */
export const planetArm: PlanetArm = {
  ...{ name: 'planet', title: 'PlaNet', role: 'method', collect: 'planner' },
  film: 'PlaNet, after learning',
};

/** All arms of a run, in their order. Controls come after what they are controls of. */
export interface PlanningArms {
  readonly planet: readonly PlanetArm[];
  readonly world: readonly WorldArm[];
  readonly controls: readonly ControlArm[];
}

/** Steps of a run are episodes that are learned from. An arm that only plays its tests counts as one. */
export const stepsOf = (
  arm: PlanetArm | WorldArm | ControlArm,
  { episodes }: Pick<PlanningOptions, 'episodes'>,
): number => ('collect' in arm || ('kind' in arm && arm.kind === 'ppo') ? episodes : 1);

/** What is played where nothing is said: on numbers everything, on pixels and of several tasks what they are told against. */
const armsByDefault = ({ arms, observe, tasks }: PlanningOptions): readonly ArmName[] | undefined =>
  arms ?? (observe === 'pixels' || tasks.length > 0 ? ['oracle', 'random'] : undefined);

export function armsOf(options: PlanningOptions): PlanningArms {
  const tasks = differing(tasksAsTheyAre(options));
  const [task] = tasks;
  const wanted = armsByDefault(options);
  const plays = (name: ArmName): boolean => wanted?.includes(name) ?? true;
  const { candidates, horizon, iterations } = planetOf(task, options).planning;
  const tests = Math.min(options.tests, options.otherTests);
  const planet: (PlanetArm & { name: ArmName | 'planet' })[] = [
    { ...planetArm, name: 'planet' },
    {
      ...{ name: 'shooting', title: 'random shooting', role: 'baseline', collect: 'planner', tests },
      planner: { kind: 'cem', candidates: candidates * iterations, horizon, iterations: 1, elites: 1 },
    },
    {
      ...{ name: 'randomCollection', title: 'random collection', role: 'baseline', collect: 'random', tests },
    },
    {
      ...{ name: 'deterministic', title: 'deterministic (GRU)', role: 'baseline', collect: 'planner', tests },
      planet: { latent: 'deterministic' },
    },
    {
      ...{ name: 'stochastic', title: 'stochastic (SSM)', role: 'baseline', collect: 'planner', tests },
      planet: { latent: 'stochastic' },
    },
  ];
  const ppo = options.ppoTimes.map(
    (times): WorldArm => ({
      name: times === 1 ? 'ppo' : `ppo${times}`,
      title: times === 1 ? 'PPO' : `PPO, ${times}× the decisions`,
      role: 'baseline',
      ...{ kind: 'ppo', task, times, tests: options.tests },
    }),
  );
  const each = (kind: 'oracle' | 'random', title: string, role: Role, episodes: number): WorldArm[] =>
    tasks.map(one => ({
      name: tasks.length === 1 ? kind : `${kind} ${one.name}`,
      title: tasks.length === 1 ? title : `${title}, ${one.title}`,
      ...{ role, kind, task: one, tests: episodes },
    }));
  const controls: (ControlArm & { name: ArmName })[] = [
    { name: 'noiseScores', title: 'PlaNet, noise for scores', role: 'control', scores: 'noise' },
    {
      ...{ name: 'oneCandidate', title: 'PlaNet, one candidate', role: 'control' },
      planner: { kind: 'cem', candidates: 1, horizon, iterations: 1, elites: 1 },
    },
  ];
  return {
    planet: planet.filter(({ name }) => name === 'planet' || plays(name)),
    world: [
      ...(plays('ppo') ? ppo : []),
      ...(plays('oracle') ? each('oracle', 'CEM in the true world', 'bound', options.oracleTests) : []),
      ...(plays('random') ? each('random', 'random actions', 'control', options.randomTests) : []),
    ],
    controls: controls.filter(({ name }) => plays(name)),
  };
}
