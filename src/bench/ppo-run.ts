import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { defineActor, port } from '../actors/runtime/define.ts';
import { startSystem } from '../actors/runtime/system.ts';
import type { MetricRow } from '../core/metric-rows.ts';
import { resolveEnvironment } from '../env/registry.ts';
import { ppoConfig } from '../learners/ppo/config.ts';
import { castPpo } from '../scenarios/wiring.ts';

/** A run to be timed. */
export interface PpoRun {
  readonly environment: string;
  /** Rollouts and the updates after them, the first `warmUps` of which do not count. */
  readonly rounds: number;
  readonly warmUps: number;
  readonly ppo: z.input<typeof ppoConfig>;
}

/** What a run took, round by round. */
export interface PpoTimes {
  /** Environment steps a second, learning included. */
  readonly rates: readonly number[];
  /** Milliseconds of a gradient step. */
  readonly minibatches: readonly number[];
}

/** Runs PPO end to end, as scenarios run it: workers that step environments, a learner, the links between them. */
export async function timePpo({ environment, rounds, warmUps, ppo: settings }: PpoRun): Promise<PpoTimes> {
  const ppo = ppoConfig.parse(settings);
  const batch = ppo.environments * ppo.horizon;
  const folder = mkdtempSync(join(tmpdir(), 'troupe-bench-'));
  const system = await startSystem({ seed: 1 });
  try {
    const rows: MetricRow[] = [];
    const kept = await system.spawn(keeper, { keep: row => void rows.push(row) }, { on: 'main' });
    const cast = castPpo(
      {
        // No barrier on the way: a run this short would stand at one every few rounds.
        options: {
          steps: rounds * batch,
          evaluateEvery: 2 * rounds * batch,
          checkpointEvery: 2 * rounds * batch,
          ppo,
        },
        seed: 1,
        threads: 1,
        executor: 'auto',
        system,
        record: {
          rows: kept.inputs.rows,
          countedRows: kept.inputs.rows,
          metrics() {},
          async settled() {},
          progress() {},
          warn() {},
          executor() {},
          film() {},
          async checkpoint() {},
        },
        folder,
        signal: new AbortController().signal,
        resume: undefined,
        init: undefined,
        onFailure() {},
        atEnd() {},
      },
      { environment: await resolveEnvironment(environment, {}), episodes: 1, film: false },
    );
    await Promise.race([cast, system.failed]);
    const steady = rows.slice(warmUps).map(row => row.time!);
    const perRound = (ppo.epochs * batch) / ppo.minibatch;
    return {
      rates: steady.map(time => time['steps_per_second']),
      minibatches: steady.map(time => (1000 * time['learning_seconds']) / perRound),
    };
  } finally {
    await system.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Hands rows on to whoever measures; on the main thread only, where a config may hold a function. */
const keeper = defineActor(import.meta.url, {
  name: 'keeper',
  config: z.object({ keep: z.custom<(row: MetricRow) => void>(value => typeof value === 'function') }),
  inputs: { rows: port<MetricRow>() },
  start: ({ config, inputs }) => {
    inputs.rows.subscribe(config.keep);
  },
});

// As a process of its own, held to one core: a run as JSON in, its times as the last line out.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await timePpo(JSON.parse(process.argv[2]) as PpoRun)));
}
