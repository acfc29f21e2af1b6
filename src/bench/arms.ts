import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TroupeError } from '../core/errors.ts';
import { findScenario } from '../scenarios/runner/find.ts';
import { startRun } from '../scenarios/runner/start.ts';
import type { RunView } from '../scenarios/runner/view.ts';
import { type Bench, spread } from './contract.ts';

/** Thirteen arms, from samples that need no package. */
const scenario = 'consistency-training';
const settings = ['data=glyphs', 'steps=200', 'test=1000', 'mails.play=false'];
const rounds = 3;

/** Where arms and their learners sit. */
const ways = [
  { name: 'one lane', threads: 1, learners: 'lane' },
  { name: 'two lanes', threads: 2, learners: 'lane' },
  { name: 'two lanes, learners on the tensor host', threads: 2, learners: 'host' },
  { name: 'two lanes, learners on threads of their own', threads: 2, learners: 'apart' },
] as const;

/**
 * The same run on one lane and on two, and with its learners on one tensor host and on threads of their own: wall seconds,
 * and by how much their figures differ.
 */
export const bench: Bench = async ({ progress } = {}) => {
  const seconds = ways.map((): number[] => []);
  const gains: number[] = [];
  let expected: Readonly<Record<string, number>> | undefined;
  let worst = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [i, way] of ways.entries()) {
      progress?.(`${way.name}, round ${round + 1} of ${rounds}`);
      const played = await play(way);
      seconds[i].push(played.seconds);
      expected ??= played.metrics;
      worst = Math.max(worst, largestDifference(expected, played.metrics));
    }
    gains.push((seconds[0].at(-1) ?? Number.NaN) / (seconds[1].at(-1) ?? Number.NaN));
  }
  return [
    ...ways.map(({ name }, i) => ({ name: `arms on ${name}`, unit: 's', ...spread(seconds[i]) })),
    { name: 'one lane ÷ two lanes', unit: 'times', ...spread(gains), bar: '≥ 1.6 times' },
    {
      name: 'largest difference of a figure',
      unit: '',
      median: worst,
      p10: worst,
      p90: worst,
      bar: '≤ 1e-5',
    },
  ];
};

async function play({ threads, learners }: (typeof ways)[number]) {
  const runs = mkdtempSync(join(tmpdir(), 'troupe-bench-'));
  try {
    const outcome = await startRun(
      {
        found: await findScenario(scenario),
        seeds: [1],
        smoke: false,
        set: [...settings, `learners=${learners}`],
        threads,
        executor: 'onnx-cpu',
        runs,
      },
      { view: silent, signal: new AbortController().signal },
    );
    if (outcome.status !== 'finished') throw new TroupeError(`${scenario}: the run was interrupted`);
    return outcome.summary;
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
}

/** NaN where one has a figure that the other lacks. */
function largestDifference(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Math.max(...[...names].map(name => Math.abs((a[name] ?? Number.NaN) - (b[name] ?? Number.NaN))));
}

const silent: RunView = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };
