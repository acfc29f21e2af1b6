import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playShort } from '../short-run.ts';

const play = (threads: number, set?: string[]) => playShort('instruction-tuning', threads, set);

test('a short run has its own bars, and passes them', async () => {
  const { summary, folder } = await play(2);
  expect(summary.checks.map(({ name }) => name)).toEqual([
    'guard: batches refused where nothing is planted',
    'control: a held-out cluster in the mixture, batches refused',
    'control: a held-out cluster in the mixture, its arm ended',
    'control: held-out questions under another name, found by the judge',
    'short run: held-out clusters, tuned by instructions',
    'short run: gain over the untuned model',
    'short run, control: no template',
  ]);
  expect(summary.passed).toBe(true);
  expect(readdirSync(join(folder, 'exhibits'))).toEqual([
    '1-clusters.json',
    '2-arms.json',
    '3-number-of-clusters.json',
    '4-learning.json',
    '6-prompts.json',
  ]);
}, 300_000);

test('the figures are the same on one lane, on two, and wherever learners sit; words and sizes join', async () => {
  const few = [
    'pretraining.steps=12',
    'tuning.steps=6',
    'judgeEvery=3',
    'sizes=[16]',
    'words.play=true',
    'words.facts=6',
    'words.pretraining=6',
    'words.tuning=3',
  ];
  const { summary, folder } = await play(2, few);
  const { metrics } = summary;
  expect(metrics['words.capital.chance']).toBe(0.25);
  expect(metrics['sizes.width_16.gain']).toBeTypeOf('number');
  expect(readdirSync(join(folder, 'exhibits'))).toContain('7-words.json');
  for (const [threads, learners] of [
    [1, 'lane'],
    [2, 'host'],
    [2, 'apart'],
  ] as const) {
    expect((await play(threads, [...few, `learners=${learners}`])).summary.metrics).toEqual(metrics);
  }
}, 600_000);
