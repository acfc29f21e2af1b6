import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../core/errors.ts';
import { readSingleRun } from '../../scenarios/runner/folder.ts';
import { threadCount, wholeNumber } from '../arguments.ts';
import { executorNamed } from '../executor.ts';
import type { Io } from '../io.ts';
import { meanInterval } from '../mean-interval.ts';
import { figure } from '../screen/format.ts';
import { styleFor } from '../screen/style.ts';
import { table } from '../screen/table.ts';

export interface EvaluateOptions {
  readonly episodes?: string;
  readonly seed?: string;
  readonly threads?: string;
  readonly executor?: string;
  readonly patience?: string;
  readonly json?: boolean;
}

/** Far from the seeds that runs are given: these episodes are new to the policy. */
const freshSeed = 1_000_003;

/** `troupe evaluate <run>`: fresh episodes with a run's policy. */
export async function evaluate(folder: string, options: EvaluateOptions, io: Io): Promise<number> {
  const episodes = wholeNumber(options.episodes ?? '100', '--episodes', 2);
  const seed = options.seed === undefined ? freshSeed : wholeNumber(options.seed, '--seed', 0);
  const threads = threadCount(options.threads);
  const patience =
    options.patience === undefined ? undefined : wholeNumber(options.patience, '--patience', 1);
  const executor = await executorNamed(options.executor);
  const { scenario } = readSingleRun(folder);
  if (!existsSync(join(folder, 'policy'))) {
    throw usageError(`${folder}: this run has not saved a policy yet, expected a finished run`);
  }
  const { startSystem } = await import('../../actors/runtime/system.ts');
  const { evaluatePolicy } = await import('../../scenarios/wiring.ts');
  const system = await startSystem({ seed });
  try {
    const work = evaluatePolicy(system, { run: folder, episodes, seed, threads, executor, patience });
    const { returns, lengths, info } = await Promise.race([work, system.failed]);
    const means = Object.fromEntries(
      Object.entries({ return: returns, length: lengths, ...info }).map(([name, values]) => [
        name,
        meanInterval(values),
      ]),
    );
    const out = options.json ? io.stderr : io.stdout;
    const { bold, dim } = styleFor(out, io);
    out.write(`\n  ${bold(scenario)} ${dim(`· ${episodes} episodes from seed ${seed} · ${folder}`)}\n\n`);
    const rows = Object.entries(means).map(([name, { mean, low, high }], i) => [
      `  ${name}`,
      i === 0 ? bold(figure(mean)) : figure(mean),
      dim(`[${figure(low)}, ${figure(high)}]`),
    ]);
    for (const line of table(rows, '<><', out.columns)) out.write(`${line}\n`);
    out.write(`\n  ${dim('mean of the episodes, and where the true mean is with 95 % confidence')}\n\n`);
    if (options.json)
      io.stdout.write(`${JSON.stringify({ scenario, run: folder, episodes, seed, ...means })}\n`);
    return 0;
  } finally {
    await system.stop();
  }
}
