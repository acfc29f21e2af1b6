import { expect, test } from 'vitest';
import type { HeadGrad, RepBatch } from '../../../src/learners/task-grouping/messages.ts';
import { Answers } from '../../../src/learners/task-grouping/trunk-learner.ts';

const answer = (batch: string, task: number): HeadGrad => ({
  batch: batch as RepBatch,
  task,
  loss: task,
  slope: new Float32Array(1),
});

test('a trunk waits for one gradient of each task, in the order of the tasks', async () => {
  const answers = new Answers(2);
  const all = answers.to('rep 4');
  answers.take(answer('rep 4', 1));
  answers.take(answer('rep 4', 0));
  expect((await all).map(({ loss }) => loss)).toEqual([0, 1]);
});

test('a gradient that was taken of a probe is refused, and so is one of another batch, or a second one', () => {
  const answers = new Answers(2);
  void answers.to('rep 4');
  expect(() => answers.take(answer('probe 4', 0))).toThrow(
    'trunk: a gradient of task 0 for batch “probe 4”: expected one of each of 2 tasks for “rep 4”',
  );
  expect(() => answers.take(answer('rep 3', 0))).toThrow('for batch “rep 3”');
  answers.take(answer('rep 4', 0));
  expect(() => answers.take(answer('rep 4', 0))).toThrow('a gradient of task 0');
  expect(() => answers.take(answer('rep 4', 2))).toThrow('a gradient of task 2');
});
