import { builtInEnvironments } from '../../env/registry.ts';
import { catalog } from '../../scenarios/catalog.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../screen/style.ts';
import { flow, table } from '../screen/table.ts';

const learners = [
  { name: 'ppo', summary: 'Proximal policy optimisation, for discrete and continuous actions.' },
];

/** `troupe list`, or the options of one scenario. */
export async function list(name: string | undefined, io: Io): Promise<number> {
  const style = styleFor(io.stdout, io);
  if (name !== undefined) {
    const { findScenario } = await import('../../scenarios/runner/find.ts');
    const { optionLines } = await import('../screen/options.ts');
    const { scenario } = await findScenario(name);
    for (const line of optionLines(scenario, style, io.stdout.columns)) io.stdout.write(`${line}\n`);
    return 0;
  }
  const groups = { Scenarios: catalog, Environments: builtInEnvironments, Learners: learners };
  const rows = Object.entries(groups).flatMap(([title, entries]) => [
    [style.bold(title)],
    ...entries.map(entry => [`  ${style.cyan(entry.name)}`, entry.summary]),
    [''],
  ]);
  const { columns } = io.stdout;
  const next = ['npx troupe run <scenario>', 'npx troupe list <scenario> for its options'].map(style.dim);
  for (const line of [...table(rows, '', columns), ...flow(next, style.dim(', '), columns)])
    io.stdout.write(`${line}\n`);
  return 0;
}
