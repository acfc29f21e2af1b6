import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, readJson, removeParts, writeFileWhole } from '../../src/core/files.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'troupe-files-'));

describe('writeFileWhole', () => {
  it('makes its folder and leaves nothing beside the file', () => {
    const path = join(folder(), 'a', 'b.txt');
    writeFileWhole(path, 'one');
    writeFileWhole(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(path, '..'))).toEqual(['b.txt']);
  });

  it('keeps the old file, and no part of the new, when writing fails', () => {
    const root = folder();
    const taken = join(root, 'folder');
    mkdirSync(join(taken, 'inside'), { recursive: true });
    expect(() => writeFileWhole(taken, 'text')).toThrow(
      `${taken}: cannot be written (EISDIR: illegal operation`,
    );
    expect(readdirSync(root)).toEqual(['folder']);
    expect(readdirSync(taken)).toEqual(['inside']);
  });

  it('does not make a folder again that was taken away with all that was in it', () => {
    const root = folder();
    rmSync(root, { recursive: true });
    const path = join(root, 'policy', 'a.txt');
    expect(() => writeFileWhole(path, 'text')).toThrow(
      `${path}: cannot be written (ENOENT: no such file or directory)`,
    );
    expect(existsSync(root)).toBe(false);
  });

  it('killed in the middle leaves a part, which can be told from other files', () => {
    const root = folder();
    for (const name of ['a.json.123.part', 'film.part', 'b.json']) writeFileSync(join(root, name), '');
    removeParts(root);
    removeParts(join(root, 'nowhere'));
    expect(readdirSync(root)).toEqual(['b.json', 'film.part']);
  });
});

describe('makeFolder', () => {
  it('takes a path as it is, from where the process stands', () => {
    const path = join(relative(process.cwd(), folder()), 'a', 'b');
    makeFolder(path);
    makeFolder('.');
    expect(existsSync(path)).toBe(true);
  });

  it('makes what is missing, and minds nothing that is there', () => {
    const path = join(folder(), 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    expect(readdirSync(join(path, '..'))).toEqual(['c']);
  });

  it('says at once where it cannot', () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(join(file, 'a'))).toThrow('ENOTDIR');
    // Node's own recursive mkdir never returns from this one.
    if (existsSync('/proc/self')) expect(() => makeFolder('/proc/nowhere/a')).toThrow('ENOENT');
  });
});

describe('readJson', () => {
  it('tells a missing file from a broken one', () => {
    const path = join(folder(), 'x.json');
    expect(readJson(path)).toBeUndefined();
    writeFileSync(path, '{');
    expect(() => readJson(path)).toThrow(`${path}: cannot be read as JSON`);
    writeFileSync(path, '[1]');
    expect(readJson(path)).toEqual([1]);
  });
});
