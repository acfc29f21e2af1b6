import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../fixtures/program-memory.ts';

// design §10.5: from 10 % to 100 % resident memory grows by at most 5 % or 10 MB, and counts of tensors not at all.

const fixture = fileURLToPath(new URL('../fixtures/program-memory.ts', import.meta.url));

/** Has glibc give back what is freed at once, so that readings are of what is held, and not of its heap's holes. */
const givingBack = {
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_ARENA_MAX: '1',
};

async function grown(args: readonly (string | number)[], env: NodeJS.ProcessEnv = {}) {
  const argv = ['--expose-gc', '--import', 'tsx', fixture, ...args.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env: { ...process.env, ...env } });
  const readings = JSON.parse(stdout.trim().split('\n').at(-1)!) as Reading[];
  expect(readings).toHaveLength(100);
  // A reading is a hundredth of the run: the one at 10 % and the last, each with those around it.
  const early = median(readings.slice(7, 12).map(({ rss }) => rss));
  const late = median(readings.slice(-5).map(({ rss }) => rss));
  const counts = new Set(readings.slice(9).map(reading => reading.counts));
  console.log(`${args.join(' ')}: ${early.toFixed(1)} MB at 10 %, ${late.toFixed(1)} MB at 100 %`);
  return { growth: late - early, allowed: Math.max(10, 0.05 * early), counts };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

describe.each([
  ['the allocator as it is', {}, 1],
  ['freed memory given back at once', givingBack, 4],
] as const)('memory stays flat, %s', (_, env, longer) => {
  it.each([
    ['updates', 5000 * longer],
    ['programs', 100 * longer],
  ])(`%s: %i`, async (work, count) => {
    const { growth, allowed, counts } = await grown([work, count], env);
    expect(growth).toBeLessThanOrEqual(allowed);
    expect([...counts]).toHaveLength(1);
  });
});

it.each([
  ['a state of 256 KiB an update', 'updates', 500, 'state'],
  ['4 KiB an update', 'updates', 5000, 'crumb'],
  ['programs that nobody disposes of', 'programs', 100, 'program'],
])('a planted leak shows: %s', async (_, work, count, leak) => {
  const { growth, allowed, counts } = await grown([work, count, leak]);
  expect(growth).toBeGreaterThan(allowed);
  expect(counts.size > 1).toBe(leak === 'program');
});
