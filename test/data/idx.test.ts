import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { readIdx } from '../../src/data/idx.ts';
import { idxImages } from '../../src/data/idx-images.ts';
import { folderOf, idx } from './idx-files.ts';

let folder: string | undefined;
afterEach(() => {
  if (folder) rmSync(folder, { recursive: true });
  folder = undefined;
});

const fix = 'to add it: npm install digits';
const write = (files: Record<string, Uint8Array>) => {
  folder = folderOf(files);
  return (name: string) => join(folder ?? '', name);
};

describe('idx files', () => {
  const images = idx([2, 2, 3], [0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255]);

  it('are read plain and gzipped, whatever they are called', () => {
    const at = write({ plain: images, zipped: gzipSync(images) });
    for (const name of ['plain', 'zipped']) {
      const { dims, bytes } = readIdx(at(name), 3, fix);
      expect(dims).toEqual([2, 2, 3]);
      expect([...bytes]).toEqual([0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255]);
    }
  });

  const magic = (hex: string) => Buffer.concat([Buffer.from(hex, 'hex'), images.subarray(4)]);
  const damaged = gzipSync(images);
  damaged[20] ^= 0xff;
  it.each([
    ['cut short', images.subarray(0, -1), 'cut short: 27 bytes, expected 28 for 2 x 2 x 3'],
    ['too long', Buffer.concat([images, Buffer.of(0)]), 'too long: 29 bytes, expected 28 for 2 x 2 x 3'],
    ['a wrong magic number', magic('cafe0803'), 'magic number cafe0803, expected an idx file (00000803)'],
    ['another type', magic('00000d03'), 'holds float32, expected unsigned bytes'],
    ['a type that no idx file has', magic('00000703'), 'holds type 7, expected unsigned bytes'],
    ['other dimensions', magic('00000801'), 'has 1 dimensions, expected 3'],
    ['an empty file', Buffer.alloc(0), 'empty, expected an idx file (00000803)'],
    ['half a header', images.subarray(0, 9), '9 bytes, expected a header of 16'],
  ])('%s: the file, what was found and expected, and the fix', (_, bytes, what) => {
    const at = write({ file: bytes });
    expect(() => readIdx(at('file'), 3, fix)).toThrow(`${at('file')}: ${what}; ${fix}`);
  });

  it.each([
    ['damaged', damaged],
    ['cut short', gzipSync(images).subarray(0, -9)],
  ])('gzip data that is %s', (_, bytes) => {
    const at = write({ file: bytes });
    expect(() => readIdx(at('file'), 3, fix)).toThrow(/file: gzip data is damaged \(.+\); to add it/);
  });

  it('no file, and a folder in its place', () => {
    const at = write({ 'inner/file': images });
    expect(() => readIdx(at('none'), 3, fix)).toThrow(`${at('none')}: no such file; ${fix}`);
    expect(() => readIdx(at('inner'), 3, fix)).toThrow(/inner: cannot be read \(EISDIR.*\); to add it/);
  });
});

describe('folders of idx images', () => {
  const open = (labels: Buffer, images: Buffer, more: { pooled?: boolean; side?: number } = {}) => {
    const at = write({ 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels });
    const given = { name: 'digits', folder: at(''), split: 'train', labelling: 'digit', fix } as const;
    return idxImages({ pooled: false, classes: 10, ...given, ...more });
  };
  const one = idx([1, 2, 4], [0, 51, 102, 153, 204, 255, 0, 0]);

  it('are in [0, 1], as they are or the mean of 2 by 2', () => {
    const out = new Float32Array(10).fill(-1);
    const whole = open(idx([1], [7]), one);
    expect(whole).toMatchObject({ name: 'digits (train)', shape: [2, 4, 1], count: 1 });
    expect(whole.labellings).toEqual([{ name: 'digit', classes: 10 }]);
    whole.write(0, out, 1);
    expect([...out]).toEqual([-1, 0, ...[51, 102, 153, 204, 255].map(x => Math.fround(x / 255)), 0, 0, -1]);
    expect(whole.label(0)).toBe(7);

    const pooled = open(idx([1], [7]), one, { pooled: true });
    expect(pooled.shape).toEqual([1, 2, 1]);
    pooled.write(0, out, 0);
    expect([...out.subarray(0, 2)]).toEqual([(0 + 51 + 204 + 255) / 1020, (102 + 153) / 1020]);
  });

  it('refuse what does not fit together', () => {
    expect(() => open(idx([2], [7, 1]), one)).toThrow(
      /labels-idx1-ubyte: 2 labels, expected 1, one an image/,
    );
    expect(() => open(idx([1], [10]), one)).toThrow(/labels-idx1-ubyte: label 0 is 10, expected 0 to 9/);
    expect(() => open(idx([1], [7]), one, { side: 28 })).toThrow(/images of 2 x 4, expected 28 x 28/);
    const odd = idx([1, 1, 2], [0, 0]);
    expect(() => open(idx([1], [7]), odd, { pooled: true })).toThrow(/images of 1 x 2, expected even sides/);
    expect(() => open(idx([1], [7]), idx([1, 0, 2], []))).toThrow(/images of 0 x 2, expected sides above 0/);
  });

  it.each([-1, 1, 0.5, Number.NaN])('refuse sample %d of one', id => {
    const source = open(idx([1], [7]), one);
    const message = `digits (train): sample ${id}: expected a whole number from 0 to 0`;
    expect(() => source.write(id, new Float32Array(8), 0)).toThrow(message);
    expect(() => source.label(id)).toThrow(message);
    expect(() => source.label(0, 1)).toThrow('digits (train): labelling 1: expected 0');
  });
});
