import { builtInEnvironments } from '../../env/registry.ts';
import { catalog } from '../../scenarios/catalog.ts';
import type { Io } from '../io.ts';
import { learners } from '../learners.ts';
import { styleFor } from '../screen/style.ts';
import { flow, table } from '../screen/table.ts';

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
