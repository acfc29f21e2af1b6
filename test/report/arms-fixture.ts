import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatRow } from '../../src/core/metric-rows.ts';
import { type Exhibit, writeExhibit } from '../../src/report/exhibits.ts';
import { type CheckResult, type Summary, writeSummary } from '../../src/report/summary.ts';
import { allExhibits, armsOfConsistency, random } from './exhibits-fixture.ts';

const bars: readonly (readonly [string, number, { atLeast?: number; atMost?: number }, string?])[] = [
  ['50 labels, over supervised', 26.3, { atLeast: 15 }, 'points'],
  ['50 labels, over supervised with augmentation', 17.9, { atLeast: 10 }, 'points'],
  ['50 labels, over supervised with ten times the labels', 5.6, { atLeast: 2 }, 'points'],
  ['100 labels, over supervised with augmentation and 500', -0.4, { atLeast: -2 }, 'points'],
  ['confidence mask, share kept at the end', 0.71, { atLeast: 0.6 }],
  ['confidence mask, rise of the share kept', 0.52, { atLeast: 0.3 }],
  ['mails, 20 labels, over supervised', 8.7, { atLeast: 5 }, 'points'],
  ['gradient through the target', 0, { atMost: 0 }],
  ['distinct unlabelled samples', 10_000, { atLeast: 10_000, atMost: 10_000 }],
  ['test samples among the training ones', 0, { atMost: 0 }],
  ['control: λ = 0, away from augmented supervised', 0.5, { atMost: 4 }, 'points'],
  ['control: identity augmentation, over augmented supervised', 7.1, { atMost: 6 }, 'points'],
  ['control: shuffled pairing, below consistency', 28.9, { atLeast: 15 }, 'points'],
  ['control: labels drawn at random, accuracy', 0.113, { atMost: 0.2 }],
];

export function checksOf(seeds: readonly number[]): CheckResult[] {
  return bars.map(([name, value, limits, unit]) => {
    const dice = random(7, name);
    const values = seeds.map((_, i) =>
      Number.isInteger(value) ? value : value * (1 + (i - 1) * 0.06 * dice.uniform()),
    );
    const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? value;
    const pass = middle >= (limits.atLeast ?? -Infinity) && middle <= (limits.atMost ?? Infinity);
    const over = Number.isInteger(value) ? ('every' as const) : ('median' as const);
    return {
      name,
      value: middle,
      ...limits,
      ...(unit === undefined ? {} : { unit }),
      ...(seeds.length > 1 ? { over, values } : {}),
      pass,
    };
  });
}

function metricsOf(seed: number): Record<string, number> {
  const dice = random(seed, 'metrics');
  const arms = armsOfConsistency.flatMap(([name, , accuracy]) => [
    [`${name}.hard`, 1 - accuracy + 0.01 * dice.normal()],
    [`${name}.soft`, 1.2 - accuracy + 0.01 * dice.normal()],
    [`${name}.loss`, 2.2 - 2 * accuracy + 0.01 * dice.normal()],
    ...(name.startsWith('cons') ? [[`${name}.kept`, 0.7 + 0.02 * dice.normal()]] : []),
  ]);
  return Object.fromEntries([['labels', 50], ...arms]);
}

/** The summary of a scenario of arms. */
export function armsSummary(seeds: readonly number[]): Summary {
  const runs = seeds.map(seed => ({
    seed,
    folder: seeds.length > 1 ? `seed${seed}` : '.',
    metrics: metricsOf(seed),
    checks: checksOf([seed]),
    passed: false,
    seconds: 190,
    steps: 19_500,
    stepsPerSecond: 103,
  }));
  const [first] = runs;
  return {
    scenario: 'consistency-training',
    about: 'A student learns from 50 labels and ten thousand images without any.',
    command: 'npx troupe run consistency-training --seeds 3',
    seed: first.seed,
    options: { labels: 50, pool: 10_000, steps: 1500 },
    seconds: 190 * seeds.length,
    steps: 19_500 * seeds.length,
    stepsPerSecond: 103,
    executor: 'compiled/wasm',
    metrics: Object.fromEntries(
      Object.keys(first.metrics).map(path => {
        const sorted = runs.map(({ metrics }) => metrics[path]).sort((a, b) => a - b);
        return [path, sorted[Math.floor(sorted.length / 2)]];
      }),
    ),
    checks: checksOf(seeds),
    passed: false,
    versions: { troupe: '0.1.0', node: '20.19.0' },
    ...(seeds.length > 1 ? { runs } : {}),
  };
}

/** Rows as the arms log them: their own name as the source. */
export function armRows(seed: number): string {
  const dice = random(seed, 'rows');
  const rows = armsOfConsistency.flatMap(([source, , accuracy]) =>
    Array.from({ length: 30 }, (_, i) => {
      const step = (i + 1) * 50;
      const learnt = 0.1 + (accuracy - 0.1) * (1 - Math.exp(-i / 6));
      const values = {
        accuracy: learnt + 0.008 * dice.normal(),
        supervised_loss: Math.exp(-i / 9) + 0.02 * dice.uniform(),
        entropy: 2.3 * Math.exp(-i / 12),
        ...(source.startsWith('cons') ? { kept: 0.8 * (1 - Math.exp(-i / 8)) } : {}),
      };
      return formatRow({ source, step, values, time: { steps_per_second: 100 + 5 * dice.normal() } });
    }),
  );
  return `${rows.join('\n')}\n`;
}

/** A finished run of arms. @param change what a seed leaves out or has otherwise */
export function armsFolder(
  seeds: readonly number[],
  exhibitsOf: (seed: number) => Readonly<Record<string, Exhibit>> = allExhibits,
  folder = mkdtempSync(join(tmpdir(), 'troupe-arms-')),
): string {
  const summary = armsSummary(seeds);
  for (const run of summary.runs ?? [{ seed: summary.seed, folder: '.' }]) {
    const own = join(folder, run.folder);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'metrics.jsonl'), armRows(run.seed));
    for (const [name, exhibit] of Object.entries(exhibitsOf(run.seed))) writeExhibit(own, name, exhibit);
  }
  writeSummary(folder, summary);
  return folder;
}
