import { type Group, ownAffinity } from '../../learners/task-grouping/index.ts';
import { writeExhibit } from '../../report/exhibits.ts';
import type { FamilyRun } from './arms.ts';
import type { Family } from './families.ts';
import { everyPlan, type FamilyFigures, lossesOf } from './figures.ts';

/** The pictures of a family: who helps whom, what grouping brings, and what affinity says of every plan. */
export function writeGroupingExhibits(
  folder: string,
  family: Family,
  run: FamilyRun,
  figures: FamilyFigures,
): void {
  const names = family.tasks.map(({ name }) => name);
  const own = ownAffinity(run.tag.affinity, run.tag.drift);
  const across = Math.max(...own.flatMap((row, j) => row.filter((_, i) => i !== j).map(Math.abs)));
  writeExhibit(folder, `${family.name}-1-affinity`, {
    kind: 'matrix',
    title: `${family.name}: which task helps which`,
    note: `Share of its loss that the task of a row gains by a step for the task of a column, less what momentum does by itself; mean over all probes (those of a lower learning rate weigh more where perRate is on). The frames are the groups that TAG chose for ${family.judgedAt} networks.`,
    rows: names,
    columns: names,
    values: own,
    scale: across,
    axes: { row: 'gains', column: 'step for' },
    groups: run.tag.plans
      .filter(({ k }) => k === family.judgedAt)
      .flatMap(({ groups }) =>
        groups.map((group, g) => ({ name: `network ${g + 1}`, members: group.map(task => names[task]) })),
      ),
  });
  writeExhibit(folder, `${family.name}-2-losses`, {
    kind: 'bars',
    title: `${family.name}: what grouping brings`,
    note: 'Test loss summed over all tasks, each served by one of at most so many networks of the same size.',
    x: { label: 'total test loss, nats' },
    groups: [
      ...Object.entries(figures.byNetworks).map(([k, of]) => ({
        name: `${k.slice(1)} networks`,
        bars: [
          { name: 'TAG', role: 'method' as const, value: of.tag },
          ...optional('best of all plans', 'bound', of.optimum),
          ...optional('by losses of pairs (HOA)', 'baseline', of.pairs),
          ...optional('by cosine of gradients', 'baseline', of.cosine),
          ...optional('random partitions, mean', 'baseline', of.random),
          ...optional('tasks renamed, median', 'control', of.relabelled),
        ],
      })),
      {
        name: 'without choice',
        bars: [
          { name: 'all in one network', role: 'baseline' as const, value: figures.allInOne },
          ...optional('a network for each', 'bound', figures.singles),
        ],
      },
    ],
  });
  if (run.searchMs !== undefined) writeSearched(folder, family, run, run.searchMs);
}

const optional = <R extends string>(name: string, role: R, value: number | undefined) =>
  value === undefined ? [] : [{ name, role, value }];

/** Plans in a picture, worst and best among them. */
const mostPlans = 400;

function writeSearched(folder: string, family: Family, run: FamilyRun, searchMs: number): void {
  const names = family.tasks.map(({ name }) => name);
  // A plan with a task by itself has a score of its own kind, far below all others.
  const plans = everyPlan(run, names.length, 2)
    .filter(({ value }) => value > -1)
    .sort((a, b) => a.value - b.value);
  const every = Math.max(1, Math.ceil(plans.length / mostPlans));
  const shown = plans.filter((_, i) => i % every === 0);
  const chosen = plans.at(-1);
  writeExhibit(folder, `${family.name}-3-plans`, {
    kind: 'lines',
    scatter: true,
    title: `${family.name}: affinity against loss`,
    note: `Plans of two networks in which no task is by itself, by what TAG thinks of them${every > 1 ? ` (one in ${every} of ${plans.length})` : ''}: what stands to the right should lie low.`,
    x: { label: 'mean of the best score a task has in a plan' },
    y: { label: 'total test loss, nats' },
    panels: [
      {
        title: '',
        series: [
          { name: 'plans', role: 'baseline', points: shown.map(({ value, loss }) => [value, loss]) },
          ...(chosen
            ? [
                {
                  name: 'the plan that TAG chose',
                  role: 'method' as const,
                  points: [[chosen.value, chosen.loss]] as const,
                },
              ]
            : []),
        ],
      },
    ],
  });
  const lossOf = lossesOf(run);
  const plan = run.tag.plans[0];
  const inOne = names.map((_, task) => task);
  writeExhibit(folder, `${family.name}-4-tasks`, {
    kind: 'cases',
    title: `${family.name}: the tasks one by one`,
    note: `Test loss in nats. TAG's run worked ${(run.tag.busyMs / 1000).toFixed(1)} s, training all ${run.networks.size} groups ${(searchMs / 1000).toFixed(1)} s: ${(searchMs / run.tag.busyMs).toFixed(0)} times as long. Both are CPU time of the threads that trainers and streams run on, judges left out.`,
    columns: ['task', 'group that TAG chose', 'in it', 'alone', 'all in one'],
    rows: names.map((name, task) => {
      const group: Group = plan.groups[plan.serves[task]];
      return [
        name,
        group.map(other => names[other]).join(', '),
        round(lossOf(task, group)),
        round(lossOf(task, [task])),
        round(lossOf(task, inOne)),
      ];
    }),
  });
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
