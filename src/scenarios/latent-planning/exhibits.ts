import type { Role } from '../../report/exhibits/index.ts';
import { type Exhibit, writeExhibit } from '../../report/exhibits.ts';
import type { PlanetArm, PlanningArms, WorldArm } from './arms.ts';
import type { ArmsPlayed, PlanningResult } from './figures.ts';
import { mean } from './judging.ts';
import type { PlanningOptions } from './options.ts';
import { differing, planetOf, type Task, tasksAsTheyAre, tasksOf } from './tasks.ts';

type Point = readonly [x: number, y: number];

/** Writes the pictures of the report, but for those of open loops. */
export function writePlanningExhibits(
  folder: string,
  arms: PlanningArms,
  played: ArmsPlayed,
  options: PlanningOptions,
  result: PlanningResult,
): void {
  const tasks = differing(tasksOf(options));
  const several = tasks.length > 1;
  // Panels of an exhibit have one axis, and returns of two tasks are nothing alike.
  for (const task of tasks)
    writeExhibit(
      folder,
      several ? `1-learning-${task.name}` : '1-learning',
      learningExhibit(arms, played, task, several, options),
    );
  if (Object.values(result.arms).some(({ normalised }) => normalised !== undefined))
    writeExhibit(folder, '2-scores', scoresExhibit(arms, result, tasks));
  writeExhibit(folder, '3-plans', plansExhibit(arms, played, tasks[0], tasksAsTheyAre(options)[0]));
  writeExhibit(folder, '4-kl', klExhibit(arms, played, tasks[0], options));
  writeExhibit(folder, '5-cost', costExhibit(arms, played, options));
}

const unitOf = ({ name }: Task): string => (name === 'swing-up' ? 'return, of 1000' : 'return');

/** Means of a few episodes on end: single ones scatter. */
function smoothed(points: readonly Point[], width = 5): Point[] {
  const out: Point[] = [];
  for (let i = 0; i < points.length; i += width) {
    const some = points.slice(i, i + width);
    out.push([mean(some.map(([x]) => x)), mean(some.map(([, y]) => y))]);
  }
  return out;
}

function learningExhibit(
  { planet, world }: PlanningArms,
  played: ArmsPlayed,
  task: Task,
  several: boolean,
  { episodes }: PlanningOptions,
): Exhibit {
  const curves = [...planet, ...world.filter(({ kind }) => kind === 'ppo')].map(({ name, title, role }) => {
    const own = played[name].curve.filter(point => point.task === task.name && point.episode <= episodes);
    const points = own.map((point): Point => [point.episode, point.return]);
    return { name: title, role, points: name.startsWith('ppo') ? points : smoothed(points) };
  });
  const levels = world
    .filter(arm => arm.kind !== 'ppo' && arm.task.name === task.name)
    .map(({ name, kind }) => ({
      name: kind === 'oracle' ? 'CEM in the true world' : 'random actions',
      role: 'bound' as Role,
      points: [[episodes, mean(played[name].tests)]] as Point[],
    }));
  const agent = several ? 'of one agent that is not told which task it plays; ' : '';
  const ppo = world.some(({ kind }) => kind === 'ppo')
    ? ' PPO’s are counted by decisions: as many as PlaNet’s.'
    : '';
  return {
    kind: 'lines',
    title: several ? `Learning: ${task.title}` : 'Learning',
    note: `Returns of training episodes, ${agent}exploration noise on; points are means of five. The first episodes are random actions.${ppo}`,
    x: { label: 'episodes' },
    y: { label: unitOf(task) },
    panels: [{ title: task.title, series: [...curves.filter(({ points }) => points.length > 0), ...levels] }],
  };
}

function scoresExhibit(
  { planet, world, controls }: PlanningArms,
  { arms, tasks: scores }: PlanningResult,
  tasks: readonly Task[],
): Exhibit {
  const bars = (some: readonly { readonly name: string; readonly title: string; readonly role: Role }[]) =>
    some.map(({ name, title, role }) => ({ name: title, role, value: arms[name].normalised ?? null }));
  const learned = scores
    ? tasks.map(({ name, title }) => ({
        ...{ name: `PlaNet, ${title}`, role: 'method' as Role },
        value: scores[name].normalised ?? null,
      }))
    : bars(planet);
  return {
    kind: 'bars',
    title: 'Scores',
    note: `Noise-free returns on fresh episodes: 0 is random actions, 1 the cross-entropy method in the true simulator.${
      controls.length > 0 ? ' Controls plan with the final weights, and with nothing to choose by.' : ''
    }`,
    x: { label: 'normalised return', from: 0 },
    groups: [
      { name: 'learned models', bars: learned },
      { name: 'no learned model', bars: bars(world) },
      { name: 'controls', bars: bars(controls) },
    ].filter(group => group.bars.length > 0),
  };
}

/** @param task as the agent is shown it @param own as it is: what the oracle's rewards are of */
function plansExhibit({ planet, world }: PlanningArms, played: ArmsPlayed, task: Task, own: Task): Exhibit {
  const { repeat, dt } = task;
  const unitOfRewards = (arm: PlanetArm | WorldArm): number =>
    'task' in arm ? 1 : own.rewardUnit / task.rewardUnit;
  const ofTask = world.filter(arm => arm.task.name === task.name);
  const planned = [...planet, ...ofTask].filter(({ name }) => played[name].plan.bestReturn.length > 0);
  return {
    kind: 'lines',
    title: 'What plans promise, and what is earned',
    note: 'Predicted return of the best candidate at each decision of the test episodes, beside what the decisions of its horizon really earned; means over episodes. A promise far above what is earned is a planner that exploits its model’s mistakes.',
    x: { label: 'seconds' },
    y: { label: 'reward over the horizon' },
    panels: planned.map(arm => {
      const { bestReturn, realised } = played[arm.name].plan;
      const unit = unitOfRewards(arm);
      const points = (values: readonly number[]) => values.map((y, t): Point => [t * repeat * dt, y * unit]);
      return {
        title: arm.title,
        series: [
          { name: 'promised', role: 'baseline', points: points(bestReturn) },
          { name: 'earned', role: 'method', points: points(realised) },
        ],
      };
    }),
  };
}

function klExhibit(
  { planet }: PlanningArms,
  played: ArmsPlayed,
  task: Task,
  options: PlanningOptions,
): Exhibit {
  const { freeNats } = planetOf(task, options);
  const series = planet.flatMap(({ name, title, role }) => {
    const points = played[name].learning.flatMap(({ updates, figures }): Point[] =>
      figures['kl'] === undefined ? [] : [[updates, figures['kl']]],
    );
    return points.length > 0 ? [{ name: title, role, points }] : [];
  });
  return {
    kind: 'lines',
    title: 'What observations tell the latent state',
    note: 'KL from posterior to prior. Where it lies on the free nats, nothing of an observation gets through.',
    x: { label: 'updates' },
    y: { label: 'nats', from: 0 },
    panels: [
      {
        title: 'KL',
        series: [...series, { name: 'free nats', role: 'bound', points: [[0, freeNats]] }],
      },
    ],
  };
}

function costExhibit(
  { planet, world, controls }: PlanningArms,
  played: ArmsPlayed,
  options: PlanningOptions,
): Exhibit {
  const all = [...planet, ...world, ...controls];
  return {
    kind: 'cases',
    title: 'What it takes',
    note: 'Milliseconds are those of one agent’s plan where all test episodes are played at once, on whatever else the machine did.',
    columns: ['arm', 'episodes', 'updates', 'ms a plan', 'environment steps of the planner'],
    rows: all
      .filter(({ name }) => played[name].plan.bestReturn.length > 0)
      .map(({ name, title }) => {
        const { learning, plan, worldSteps } = played[name];
        const updates = learning.at(-1)?.updates ?? null;
        return [
          title,
          updates === null ? null : options.episodes,
          updates,
          Math.round(plan.ms * 100) / 100,
          worldSteps,
        ];
      }),
  };
}
