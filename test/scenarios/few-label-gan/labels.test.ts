import { expect, test } from 'vitest';
import type { DataSource } from '../../../src/data/index.ts';
import type { Ground } from '../../../src/scenarios/few-label-gan/data.ts';
import { labelsFor } from '../../../src/scenarios/few-label-gan/labels.ts';
import { armNames } from '../../../src/scenarios/few-label-gan/plans.ts';
import { preparations } from '../../../src/scenarios/few-label-gan/preparations.ts';

const source: DataSource = {
  name: 'numbers',
  shape: [14, 14, 1],
  count: 2_000,
  labellings: [{ name: 'digit', classes: 10 }],
  write() {},
  label: id => id % 10,
};
const train = {
  data: { name: 'mnist', size: 14, split: 'train' },
  seed: 3,
  pool: { from: 0, count: 1_000 },
} as const;
const ground: Ground = { train, metric: train, source, shape: [14, 14, 1], classes: 10 };
const inference = { ground, perClass: 5, executor: 'auto' };
const none = { inferred: undefined, clusters: undefined };
const rightShare = ({ ids, y }: { ids: Int32Array; y: Int32Array }) =>
  ids.reduce((sum, id, i) => sum + Number(y[i] === id % 10), 0) / ids.length;

test('the discriminator is told all labels, or those of a few images of each class alone', () => {
  const all = labelsFor('all', inference, none);
  expect(new Set(all.ids).size).toBe(1_000);
  expect(rightShare(all)).toBe(1);
  const few = labelsFor('few', inference, none);
  expect(few.ids.length).toBe(50);
  expect(rightShare(few)).toBe(1);
  for (let label = 0; label < 10; label++) expect(few.y.filter(y => y === label).length).toBe(5);
  const pool = new Set(all.ids);
  expect(few.ids.every(id => pool.has(id))).toBe(true);
});

test('random labels are as often right as chance has it, and the same in every run of a seed', () => {
  const random = labelsFor('random', inference, none);
  expect(random.ids.length).toBe(1_000);
  expect(rightShare(random)).toBeGreaterThan(0.05);
  expect(rightShare(random)).toBeLessThan(0.15);
  expect(labelsFor('random', inference, none)).toEqual(random);
});

test('an arm without labels is told none, and one whose labels were not made says so', () => {
  expect(labelsFor('none', inference, none).ids.length).toBe(0);
  expect(() => labelsFor('clusters', inference, none)).toThrow('labels: clusters: not made');
});

test('what is made before the games has names of its own: an arm of a name that is done is not played again', () => {
  const first = preparations(inference, ['inferred', 'clusters'], true).map(({ name }) => name);
  expect(first.length).toBe(4);
  expect(first.filter(name => (armNames as string[]).includes(name))).toEqual([]);
});
