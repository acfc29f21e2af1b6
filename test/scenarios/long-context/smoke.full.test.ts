import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playShort } from '../short-run.ts';

const play = (threads: number, set?: string[]) => playShort('long-context', threads, set);

test('a short run has its own bars, and passes them', async () => {
  const { summary, folder } = await play(2);
  expect(summary.checks.map(({ name }) => name)).toEqual([
    'recall two segments back: Transformer-XL',
    'control: recall two segments back, without memory',
    '10 times faster than a sliding window at 64 (1: yes)',
    'the longer attention is, the more times faster (1: yes)',
    'segments of 8, of 16 or one: logits differ by',
    'control: without memory they differ by',
    'gradient with respect to the memory',
  ]);
  expect(summary.passed).toBe(true);
  expect(readdirSync(join(folder, 'exhibits'))).toEqual(['3-recall.json', '4-speed.json', '5-times.json']);
});

test('figures, samples and the model on disk are the same on one lane, on two, and wherever learners sit', async () => {
  const few = ['arms=["language","recall"]', 'steps=20', 'testTokens=1000', 'recall.steps=20'];
  const once = await play(2, few);
  const { metrics } = once.summary;
  expect(metrics['bits.xl-memory']).toBeLessThan(metrics['bits.xl-off'] + 1);
  const left = ({ folder }: typeof once) =>
    ['language-model/model.safetensors', 'language-model/model.json', 'exhibits/6-samples.json'].map(name =>
      readFileSync(join(folder, name)),
    );
  for (const [threads, learners] of [
    [1, 'lane'],
    [2, 'host'],
    [2, 'apart'],
  ] as const) {
    const other = await play(threads, [...few, `learners=${learners}`]);
    expect(other.summary.metrics).toEqual(metrics);
    expect(left(other)).toEqual(left(once));
  }
});
