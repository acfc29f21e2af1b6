import { medianOf } from '../../core/median.ts';
import { writeReport } from '../../report/report.ts';
import { type Summary, writeSummary } from '../../report/summary.ts';
import type { Scenario } from '../contract.ts';
import { judgeSeeds, notMade } from './checks.ts';
import { commandLine } from './command-line.ts';
import { readRunInfo, seedFolder } from './folder.ts';

/** Several seeds of a scenario as one summary, judged together; written beside their folders, with its report. */
export async function concludeSeeds(
  scenario: Scenario,
  folder: string,
  runs: readonly Summary[],
): Promise<Summary> {
  const checks = judgeSeeds(
    scenario.checks,
    runs.map(run => run.checks),
  );
  const total = (figure: (run: Summary) => number) => runs.reduce((sum, run) => sum + figure(run), 0);
  // What was measured is each seed's own.
  const { measured: _, notMade: __, ...first } = runs[0];
  const left = notMade(scenario.checks, checks);
  const summary: Summary = {
    ...first,
    command: commandLine(scenario, readRunInfo(folder)),
    executor: [...new Set(runs.map(run => run.executor))].join(', '),
    seconds: total(run => run.seconds),
    steps: total(run => run.steps),
    stepsPerSecond: medianOf(runs.map(run => run.stepsPerSecond)),
    metrics: medians(runs.map(run => run.metrics)),
    checks,
    ...(left.length > 0 && { notMade: left }),
    passed: checks.every(check => check.pass),
    warnings: [...new Set(runs.flatMap(run => run.warnings ?? []))],
    restarts: total(run => run.restarts ?? 0),
    runs: runs.map(({ seed, seconds, steps, stepsPerSecond, metrics, checks, passed }) => ({
      seed,
      folder: seedFolder(seed),
      seconds,
      steps,
      stepsPerSecond,
      metrics,
      checks,
      passed,
    })),
  };
  writeSummary(folder, summary);
  await writeReport(folder, summary);
  return summary;
}

/** The median of every figure that all of them have. */
function medians(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = Object.keys(all[0]).filter(name => all.every(figures => name in figures));
  return Object.fromEntries(names.map(name => [name, medianOf(all.map(figures => figures[name]))]));
}
