import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defineActor, port } from '../actors/runtime/define.ts';
import { startSystem } from '../actors/runtime/system.ts';
import type { MetricRow } from '../core/metric-rows.ts';
import { resolveEnvironment } from '../env/registry.ts';
import { ppoConfig } from '../learners/ppo/config.ts';
import { castPpo } from '../scenarios/wiring.ts';
import { type Bench, type BenchResult, spread } from './contract.ts';

interface Case {
  readonly name: string;
  readonly environment: string;
  readonly rounds: number;
  readonly ppo: z.input<typeof ppoConfig>;
}

const robot = {
  environments: 64,
  horizon: 64,
  minibatch: 512,
  epochs: 8,
  normalizeObservations: true,
  normalizeRewards: true,
};
const cases: readonly Case[] = [
  {
    name: 'cart-pole, 8 copies',
    environment: 'cart-pole',
    rounds: 30,
    ppo: { workers: 1, environments: 8, horizon: 64, minibatch: 128, epochs: 10 },
  },
  {
    name: 'hopper, 64 copies on one worker',
    environment: 'hopper',
    rounds: 12,
    ppo: { ...robot, workers: 1 },
  },
  {
    name: 'hopper, 64 copies on two workers',
    environment: 'hopper',
    rounds: 12,
    ppo: { ...robot, workers: 2 },
  },
  {
    name: 'hopper, 64 copies on one worker, overlapped',
    environment: 'hopper',
    rounds: 12,
    ppo: { ...robot, workers: 1, overlapped: true },
  },
];

/** Rounds in which the engines warm up. */
const warmUps = 4;

/** PPO end to end, as scenarios run it: workers that step environments, a learner, the links between them. */
export const bench: Bench = async () => {
  const results: BenchResult[] = [];
  for (const one of cases) results.push(...(await measure(one)));
  return results;
};

async function measure({ name, environment, rounds, ppo: settings }: Case): Promise<BenchResult[]> {
  const ppo = ppoConfig.parse(settings);
  const batch = ppo.environments * ppo.horizon;
  const folder = mkdtempSync(join(tmpdir(), 'troupe-bench-'));
  const system = await startSystem({ seed: 1 });
  try {
    const rows: MetricRow[] = [];
    const kept = await system.spawn(keeper, { keep: row => void rows.push(row) }, { on: 'main' });
    const cast = castPpo(
      {
        options: { steps: rounds * batch, evaluateEvery: 2 * rounds * batch, ppo },
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
      },
      { environment: await resolveEnvironment(environment, {}), episodes: 1, film: false },
    );
    await Promise.race([cast, system.failed]);
    const steady = rows.slice(warmUps).map(row => row.time!);
    const minibatches = (ppo.epochs * batch) / ppo.minibatch;
    return [
      { name, unit: 'steps/s', ...spread(steady.map(time => time['steps_per_second'])) },
      {
        name: `${name}: a minibatch of ${ppo.minibatch}`,
        unit: 'ms',
        ...spread(steady.map(time => (1000 * time['learning_seconds']) / minibatches)),
      },
    ];
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
