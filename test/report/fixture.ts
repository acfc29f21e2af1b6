import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatRow } from '../../src/core/metric-rows.ts';
import { Random } from '../../src/core/random.ts';
import type { Film, SceneObject } from '../../src/core/scene.ts';
import { writeFilm } from '../../src/report/film.ts';
import { type Summary, writeSummary } from '../../src/report/summary.ts';

/** A made-up film: a ball and a rod that hop, on ground or without it. */
export function hoppingFilm(side: 'side' | 'corner' = 'side'): Film {
  const frames = Array.from({ length: 100 }, (_, i) => {
    const x = i * 0.04;
    const y = 0.5 + 0.3 * Math.abs(Math.sin(i / 6));
    const lean = 0.3 * Math.sin(i / 6);
    const rotation = [0, 0, Math.sin(lean / 2), Math.cos(lean / 2)] as const;
    const objects: SceneObject[] = [
      {
        id: 'ground',
        shape: { kind: 'ground' },
        position: [0, 0, 0],
        rotation: [0, 0, 0, 1],
        color: '#cccccc',
      },
      {
        id: 'leg',
        shape: { kind: 'capsule', radius: 0.05, halfHeight: 0.25 },
        position: [x, y, 0],
        rotation,
        color: '#e08e45',
      },
      {
        id: 'body',
        shape: { kind: 'box', half: [0.2, 0.12, 0.15] },
        position: [x, y + 0.45, 0],
        rotation,
        color: '#3b6ea5',
      },
      {
        id: 'head',
        shape: { kind: 'sphere', radius: 0.1 },
        position: [x, y + 0.7, 0],
        rotation,
        color: '#c8553d',
      },
    ];
    return {
      objects,
      camera: { target: [x, 0.7, 0] as const, distance: 4, side },
      caption: `${x.toFixed(1)} m`,
    };
  });
  return { title: 'hopper after 1,000,000 steps', dt: 0.04, frames };
}

export const summaryOf = (seed: number): Summary => ({
  scenario: 'hopper',
  about: 'PPO teaches a one-legged robot to hop.',
  command: `npx troupe run ./my-hopper.ts --seed ${seed}`,
  seed,
  options: { steps: 1_000_000, ppo: { gamma: 0.99 } },
  seconds: 244.2,
  steps: 1_000_000,
  stepsPerSecond: 4094.5,
  executor: 'eager',
  metrics: { 'evaluation.return': 1804.21, 'evaluation.x': 6.2, 'controls.random.x': 0.11 },
  checks: [
    { name: 'metres in 10 s', value: 6.2, atLeast: 3, unit: 'm', pass: true },
    { name: 'metres, <random> actions', value: 1.4, atMost: 1, unit: 'm', pass: false },
  ],
  passed: false,
  versions: { troupe: '0.1.0', node: '20.19.0' },
  machine: { cpu: 'A CPU', cores: 2, memoryBytes: 2 ** 34, system: 'linux x64', probe: { matmul_ms: 11.5 } },
  warnings: ['learner: entropy collapsed'],
  restarts: 0,
});

/** A finished run's folder: summary, rows and film. */
export function runFolder(seed = 1, side?: 'side' | 'corner'): string {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-report-'));
  const random = Random.fromSeed(seed);
  const rows = Array.from({ length: 120 }, (_, i) => {
    const step = (i + 1) * 8192;
    const learnt = 1800 / (1 + Math.exp(-(i - 60) / 14));
    const values = {
      episode_return: learnt + 60 * random.normal(),
      explained_variance: Math.min(0.97, i / 60),
      entropy: 3 - i / 40,
      approx_kl: Math.exp(-4.5 + 0.3 * random.normal()),
      value_loss: Math.exp(-i / 20),
      policy_lag: 0,
      // A constant, up to the last bits of its means.
      learning_rate: 5e-4 * (1 + (i % 3) * Number.EPSILON),
    };
    return formatRow({
      source: 'learner',
      step,
      values,
      time: { steps_per_second: 4000 + 300 * random.normal() },
    });
  });
  for (let i = 0; i < 20; i++) {
    const learnt = 1900 / (1 + Math.exp(-(i - 10) / 2.4));
    rows.push(
      formatRow({ source: 'evaluator', step: (i + 1) * 49152, values: { evaluation_return: learnt } }),
    );
  }
  writeFileSync(join(folder, 'metrics.jsonl'), `${rows.join('\n')}\n`);
  writeFilm(folder, hoppingFilm(side));
  writeSummary(folder, summaryOf(seed));
  return folder;
}

/** The folder of a run over several seeds, each in a folder of its own. */
export function severalSeeds(seeds: readonly number[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-report-'));
  const metres = seeds.map((_, i) => 6.1 + i / 10);
  const runs = seeds.map((seed, i) => {
    cpSync(runFolder(seed), join(folder, `seed${seed}`), { recursive: true });
    const { checks, passed, seconds, steps, stepsPerSecond } = summaryOf(seed);
    const metrics = { 'evaluation.return': 1800 + i, 'evaluation.x': metres[i] };
    return { seed, folder: `seed${seed}`, metrics, checks, passed, seconds, steps, stepsPerSecond };
  });
  const [check] = summaryOf(seeds[0]).checks;
  const checks = [{ ...check, over: 'every' as const, values: metres }];
  writeSummary(folder, { ...summaryOf(seeds[0]), metrics: runs[1].metrics, checks, passed: true, runs });
  return folder;
}
