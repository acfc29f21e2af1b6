import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playShort } from '../short-run.ts';

const play = (threads: number, set?: string[]) => playShort('consistency-training', threads, set);

test('a short run has its own bars, and passes them', async () => {
  const { summary, folder } = await play(2);
  expect(summary.checks.map(({ name }) => name)).toEqual([
    'short run, 50 labels: UDA over labels alone',
    'short run, control: UDA over shuffled pairs',
  ]);
  expect(summary.passed).toBe(true);
  expect(readdirSync(join(folder, 'exhibits'))).toEqual([
    '1-labels.json',
    '2-arms.json',
    '3-kept.json',
    '4-augmented.json',
  ]);
}, 120_000);

test('the figures are the same on one lane, on two, and wherever learners sit', async () => {
  const few = ['data=glyphs', 'steps=40', 'test=500', 'mails.play=false'];
  const { metrics } = (await play(2, few)).summary;
  expect(metrics['accuracy.uda-50']).toBeGreaterThan(0.2);
  for (const [threads, learners] of [
    [1, 'lane'],
    [2, 'host'],
    [2, 'apart'],
  ] as const) {
    expect((await play(threads, [...few, `learners=${learners}`])).summary.metrics).toEqual(metrics);
  }
}, 120_000);
