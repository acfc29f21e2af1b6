import { expect, test } from 'vitest';
import { openScenes } from '../../../src/scenarios/task-grouping/scene-source.ts';

test('a scene is a function of seed, split and number', async () => {
  const [a, b] = [await openScenes(1, 'train'), await openScenes(1, 'train')];
  const size = a.shape.reduce((product, n) => product * n, 1);
  const [x, y] = [new Float32Array(size), new Float32Array(size)];
  b.write(260, y, 0); // another world first
  a.write(3, x, 0);
  b.write(3, y, 0);
  expect(y).toEqual(x);
  (await openScenes(2, 'train')).write(3, y, 0);
  expect(y).not.toEqual(x);
  (await openScenes(1, 'test')).write(3, y, 0);
  expect(y).not.toEqual(x);
});

test('every class of every task is about as frequent as the others of it, or one in four', async () => {
  const scenes = await openScenes(1, 'train');
  scenes.labellings.forEach(({ classes, name }, labelling) => {
    const counts = new Array<number>(classes).fill(0);
    for (let id = 0; id < 1000; id++) counts[scenes.label(id, labelling)]++;
    for (const count of counts) expect(count, name).toBeGreaterThan(180);
  });
});

test('what is no scene, or no question, is refused in one line', async () => {
  const scenes = await openScenes(1, 'train');
  expect(() => scenes.label(-1)).toThrow('scenes (train): id = -1: expected 0 or more');
  expect(() => scenes.label(0, 8)).toThrow('scenes (train): labelling = 8: expected 0 to 7');
});
