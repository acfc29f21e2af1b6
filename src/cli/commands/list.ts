import { builtInEnvironments } from '../../env/registry.ts';
import { catalog } from '../../scenarios/catalog.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../screen/style.ts';
import { flow, table } from '../screen/table.ts';

const learners = [
  { name: 'ppo', summary: 'Proximal policy optimisation, for discrete and continuous actions.' },
  {
    name: 'consistency-training',
    summary: 'UDA: a student and its teacher, few labels and many samples without.',
  },
  {
    name: 'few-label-gan',
    summary: 'S3GAN: generator and discriminator, with rotations and inferred labels.',
  },
  { name: 'label-inference', summary: 'Labels from few: rotation features, a classifier, or clusters.' },
  { name: 'task-grouping', summary: 'TAG: a trunk and its tasks, which probe each other’s steps.' },
  { name: 'deep-bootstrap', summary: 'A real and an ideal world, coupled step by step.' },
  {
    name: 'transformer-xl',
    summary: 'A language model with a memory of the segments before, and its twin without.',
  },
];

const groups = { scenarios: catalog, environments: builtInEnvironments, learners };
type Group = keyof typeof groups;

/** `troupe list`: everything, one group, or the options of one scenario. */
export async function list(what: string | undefined, io: Io): Promise<number> {
  const style = styleFor(io.stdout, io);
  const { columns } = io.stdout;
  if (what !== undefined && !Object.hasOwn(groups, what)) {
    const { findScenario } = await import('../../scenarios/runner/find.ts');
    const { optionLines } = await import('../screen/options.ts');
    const { scenario } = await findScenario(what);
    for (const line of optionLines(scenario, style, columns)) io.stdout.write(`${line}\n`);
    return 0;
  }
  const shown = (what === undefined ? Object.keys(groups) : [what]) as Group[];
  const rows = shown.flatMap(group => [
    [style.bold(group.replace(/^./, first => first.toUpperCase()))],
    ...groups[group].map(entry => [`  ${style.cyan(entry.name)}`, entry.summary]),
    [''],
  ]);
  const next = ['npx troupe run <scenario>', 'npx troupe list <scenario> for its options'].map(style.dim);
  for (const line of [...table(rows, '', columns), ...flow(next, style.dim(', '), columns)])
    io.stdout.write(`${line}\n`);
  return 0;
}
