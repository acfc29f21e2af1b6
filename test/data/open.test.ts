import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type DataRefInput,
  openData,
  openMails,
  type TrainRef,
  testRef,
  trainRef,
} from '../../src/data/open.ts';
import { folderOf, idx } from './idx-files.ts';

const slice = fileURLToPath(new URL('../fixtures/fashion-mnist', import.meta.url));

describe('refs', () => {
  it('of what learners may read cannot name a test split', () => {
    expect(trainRef.parse({ name: 'mnist' })).toEqual({ name: 'mnist', size: 14, split: 'train' });
    expect(testRef.parse({ name: 'glyphs', seed: 4 })).toEqual({ name: 'glyphs', seed: 4, split: 'test' });
    for (const name of ['glyphs', 'mnist', 'fashion-mnist', 'digit-pairs', 'mails']) {
      expect(trainRef.safeParse({ name, split: 'test' }).success).toBe(false);
      expect(testRef.safeParse({ name, split: 'train' }).success).toBe(false);
      expect(trainRef.parse(trainRef.parse({ name }))).toEqual(trainRef.parse({ name }));
    }
    // @ts-expect-error a train ref cannot name a test split: whoever holds one cannot read what judges hold
    const ref: TrainRef = { name: 'mnist', size: 14, split: 'test' };
    expect(trainRef.safeParse(ref).success).toBe(false);
  });

  it('open a source once a thread, however they are written', () => {
    const source = openData({ name: 'glyphs', seed: 1, split: 'train' });
    expect(openData({ split: 'train', seed: 1, name: 'glyphs' })).toBe(source);
    expect(openData({ name: 'glyphs', seed: 1 })).toBe(source);
    expect(openData({ name: 'glyphs', seed: 2 })).not.toBe(source);
    expect(openData({ name: 'glyphs', seed: 1, split: 'test' })).not.toBe(source);
    expect(openData({ name: 'digit-pairs', split: 'test' }).name).toBe('digit-pairs (test)');
    expect(openData({ name: 'mnist', size: 28 }).shape).toEqual([28, 28, 1]);
  });

  it.each([
    [{ name: 'cifar' }, /^data: name = "cifar": /],
    [{ name: 'mnist', size: 20 }, /^data: size = 20: /],
    [{ name: 'mnist', split: 'all' }, /^data: split = "all": /],
    [{ name: 'glyphs', seed: 0.5 }, /^data: seed = 0.5: /],
    [{ name: 'mnist', seed: 1 }, /^data: .*seed/],
  ])('%j is refused by the name of its field', (ref, message) => {
    expect(() => openData(ref as DataRefInput)).toThrow(message);
  });

  it('name folders of idx files as well', () => {
    const source = openData({ name: 'idx', folder: slice, pooled: true, split: 'test' });
    expect(source).toMatchObject({ name: 'fashion-mnist (test)', shape: [14, 14, 1], count: 200 });
    const files = {
      'train-images-idx3-ubyte': idx([1, 1, 3], [0, 0, 255]),
      'train-labels-idx1-ubyte': idx([1], [12]),
    };
    const folder = folderOf(files);
    try {
      expect(() => openData({ name: 'idx', folder })).toThrow(/label 0 is 12, expected 0 to 9; /);
      expect(openData({ name: 'idx', folder, classes: 13 }).shape).toEqual([1, 3, 1]);
      expect(() => openData({ name: 'idx', folder, split: 'test' })).toThrow(
        /t10k-labels-idx1-ubyte: no such file; /,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of mails open with their words', () => {
    expect(() => openMails({ name: 'mnist' } as never)).toThrow('data: name = mnist: expected mails');
  });
});
