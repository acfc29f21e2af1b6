import { suites } from '../../bench/index.ts';
import { usageError } from '../../core/errors.ts';
import { describeMachine } from '../../scenarios/runner/machine.ts';
import { didYouMean } from '../../scenarios/runner/nearest.ts';
import type { Io } from '../io.ts';
import { figure } from '../screen/format.ts';
import { styleFor } from '../screen/style.ts';
import { table } from '../screen/table.ts';

/** `troupe bench`: every suite or one, with the calibration probe beside the figures. */
export async function bench(name: string | undefined, options: { json?: boolean }, io: Io): Promise<number> {
  const names = suites.map(suite => suite.name);
  if (name !== undefined && !names.includes(name)) {
    throw usageError(
      `unknown suite ${name}${didYouMean(name, names) || `; expected one of ${names.join(', ')}`}`,
    );
  }
  const out = options.json ? io.stderr : io.stdout;
  const { bold, dim } = styleFor(out, io);
  const machine = { ...describeMachine(), probe: await io.probe() };
  const figures = Object.entries(machine.probe).map(([key, value]) => `${key} ${figure(value)}`);
  out.write(`${machine.cpu}, ${machine.cores} cores · probe: ${figures.join(', ')}\n`);

  const results: Record<string, unknown> = {};
  for (const suite of suites.filter(each => name === undefined || each.name === name)) {
    out.write(`\n${bold(suite.name)}  ${suite.summary}\n`);
    const measured = await (await suite.load())();
    results[suite.name] = measured;
    const rows = measured.map(({ name, unit, median, p10, p90, bar = '' }) => [
      `  ${name}`,
      bold(figure(median)),
      unit,
      dim(`${figure(p10)} … ${figure(p90)}`),
      dim(bar),
    ]);
    for (const line of table(rows, '<><<<', out.columns)) out.write(`${line}\n`);
  }
  out.write(`\n${dim('median, 10th … 90th percentile, bar')}\n`);
  if (options.json) io.stdout.write(`${JSON.stringify({ machine, suites: results })}\n`);
  return 0;
}
