import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  latestCheckpoint,
  readCheckpoint,
  tidyCheckpoints,
  writeCheckpoint,
} from '../../src/core/checkpoint.ts';
import { decodeSafetensors } from '../../src/core/safetensors.ts';
import { sameBits, snapshots } from './snapshots.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'troupe-checkpoint-'));
const run = { scenario: 'hopper', seed: 7, started: '2025-01-31T09:45:12.000Z' };
const versions = { node: '20.19.0' };
const content = (step: number) => ({
  step,
  state: { learner: { params: Float32Array.of(step, -0, Number.NaN), lag: -0 }, rollout: [step] },
  run,
  versions,
});
const names = (folder: string) => readdirSync(join(folder, 'checkpoints')).sort();

describe('a checkpoint', () => {
  it('comes back bit for bit, whatever its state', () => {
    const folder = fresh();
    const property = fc.property(snapshots, fc.nat(), (state, step) => {
      const path = writeCheckpoint(folder, { step, state, run, versions });
      const read = readCheckpoint(path);
      expect(sameBits(read.state, state)).toBe(true);
      expect(read).toMatchObject({ folder: path, step, run, versions });
    });
    fc.assert(property, { numRuns: 50 });
    rmSync(folder, { recursive: true });
  });

  it('is not written into a run that was taken away', () => {
    const folder = fresh();
    rmSync(folder, { recursive: true });
    expect(() => writeCheckpoint(folder, content(5))).toThrow(
      `${join(folder, 'checkpoints')}: cannot be written (ENOENT: no such file or directory)`,
    );
    expect(existsSync(folder)).toBe(false);
  });

  it('leaves what a writer left that was killed before it removed the oldest to whoever goes on', () => {
    const folder = fresh();
    for (const step of [100, 200, 300, 400]) writeCheckpoint(folder, content(step), { keep: 9 });
    mkdirSync(join(folder, 'checkpoints', '.000000000100.old'));
    writeFileSync(join(folder, 'checkpoints', '000000000400', 'checkpoint.json'), 'damaged');
    tidyCheckpoints(latestCheckpoint(folder)!);
    expect(readdirSync(join(folder, 'checkpoints')).sort()).toEqual([
      '000000000200',
      '000000000300',
      '000000000400',
    ]);
  });

  it('holds the arrays as safetensors, by their path', () => {
    const path = writeCheckpoint(fresh(), content(5));
    const { tensors } = decodeSafetensors(readFileSync(join(path, 'state.safetensors')), path);
    expect(tensors).toEqual({ 'learner.params': { shape: [3], data: Float32Array.of(5, -0, Number.NaN) } });
    expect(readdirSync(path).sort()).toEqual(['checkpoint.json', 'state.safetensors']);
  });

  it('is the same bytes for the same state', () => {
    const bytes = [fresh(), fresh()].map(folder =>
      readFileSync(join(writeCheckpoint(folder, content(5)), 'checkpoint.json')),
    );
    expect(bytes[0].equals(bytes[1])).toBe(true);
  });

  it('leaves the newest two, or as many as asked', () => {
    const folder = fresh();
    for (const step of [100, 200, 300]) writeCheckpoint(folder, content(step));
    expect(names(folder)).toEqual(['000000000200', '000000000300']);
    writeCheckpoint(folder, content(400), { keep: 1 });
    expect(names(folder)).toEqual(['000000000400']);
    for (const step of [500, 600]) writeCheckpoint(folder, content(step), { keep: 9 });
    expect(names(folder)).toHaveLength(3);
  });

  it('is never replaced by another of its step', () => {
    const folder = fresh();
    const first = writeCheckpoint(folder, content(100));
    const second = writeCheckpoint(folder, { ...content(100), state: 'second' });
    expect(names(folder)).toEqual(['000000000100', '000000000100.2']);
    expect(readCheckpoint(first).state).not.toBe('second');
    expect(latestCheckpoint(folder)?.folder).toBe(second);
  });

  it('of an earlier step ends the future that the run has left', () => {
    const folder = fresh();
    for (const step of [100, 200, 300]) writeCheckpoint(folder, content(step), { keep: 3 });
    writeCheckpoint(folder, content(150));
    expect(names(folder)).toEqual(['000000000100', '000000000150']);
    expect(latestCheckpoint(folder)?.step).toBe(150);
  });

  it('clears away what a killed writer left, and nothing else', () => {
    const folder = fresh();
    mkdirSync(join(folder, 'checkpoints', '.000000000050.part', 'deep'), { recursive: true });
    mkdirSync(join(folder, 'checkpoints', '.000000000010.old'), { recursive: true });
    writeFileSync(join(folder, 'checkpoints', 'notes.txt'), 'mine');
    expect(latestCheckpoint(folder)).toBeUndefined();
    writeCheckpoint(folder, content(100));
    expect(names(folder)).toEqual(['000000000100', 'notes.txt']);
  });

  it('is refused with the path of what cannot be saved, and nothing is written', () => {
    const folder = fresh();
    const state = { a: new Date(0) } as never;
    expect(() => writeCheckpoint(folder, { ...content(1), state })).toThrow('state.a: Date cannot be saved');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a damaged checkpoint', () => {
  const damage: [string, (path: string) => void, string][] = [
    ['no arrays', path => rmSync(join(path, 'state.safetensors')), 'state.safetensors: missing'],
    ['cut arrays', path => cut(join(path, 'state.safetensors')), 'bytes, expected'],
    [
      'one flipped bit in an array',
      path => flip(join(path, 'state.safetensors'), -3),
      'does not match its sha256',
    ],
    ['cut JSON', path => cut(join(path, 'checkpoint.json')), 'checkpoint.json: damaged'],
    [
      'a changed number',
      path => edit(path, '"$number": "-0"', '"$number": "NaN"'),
      'damaged: its content does not match',
    ],
    ['another step', path => edit(path, '"step": 200', '"step": 201'), 'damaged: its content does not match'],
    ['a lost field', path => edit(path, '"versions"', '"version_"'), 'damaged: fields are missing'],
    [
      'foreign JSON',
      path => writeFileSync(join(path, 'checkpoint.json'), '{"a":1}'),
      'not a checkpoint of Troupe',
    ],
    [
      'a later format',
      path => edit(path, '"version": 1', '"version": 9'),
      'version = 9: this Troupe reads version 1',
    ],
    [
      'no JSON',
      path => rmSync(join(path, 'checkpoint.json')),
      'not a checkpoint, expected a checkpoint.json in it',
    ],
  ];

  it.each(damage)('is named in one line, and the one before is used: %s', (_, harm, message) => {
    const folder = fresh();
    writeCheckpoint(folder, content(100));
    const newest = writeCheckpoint(folder, content(200));
    harm(newest);
    expect(() => readCheckpoint(newest)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringContaining(message) as string }),
    );
    const lines: string[] = [];
    expect(latestCheckpoint(folder, { report: line => lines.push(line) })?.step).toBe(100);
    expect(lines).toEqual([expect.stringContaining(message)]);
    expect(lines[0]).toMatch(/^checkpoint passed over: [^\n]*$/);
    expect(lines[0]).toContain(newest);
  });

  it('is an error when there is no other', () => {
    const folder = fresh();
    cut(join(writeCheckpoint(folder, content(100)), 'state.safetensors'));
    expect(() => latestCheckpoint(folder)).toThrow('none of its 1 checkpoints is whole');
  });

  const cut = (file: string) => writeFileSync(file, readFileSync(file).subarray(0, -5));
  const flip = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes[bytes.length + at] ^= 1;
    writeFileSync(file, bytes);
  };
  const edit = (path: string, from: string, to: string) => {
    const file = join(path, 'checkpoint.json');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
  };
});

describe('a folder that is not this run', () => {
  it('is named', () => {
    const folder = fresh();
    expect(() => latestCheckpoint(join(folder, 'x'))).toThrow(
      `${join(folder, 'x')}: no such folder, expected a run`,
    );
    expect(() => latestCheckpoint(folder)).toThrow('not a run, expected a run.json or checkpoints in it');
    writeFileSync(join(folder, 'run.json'), '{}');
    expect(latestCheckpoint(folder)).toBeUndefined();
    expect(existsSync(join(folder, 'checkpoints'))).toBe(false);
  });

  it('is told apart by the run that its checkpoints are of', () => {
    const [folder, other] = [fresh(), fresh()];
    const path = writeCheckpoint(folder, content(100));
    writeCheckpoint(other, { ...content(200), run: { ...run, seed: 8 } });
    expect(latestCheckpoint(folder, { run })?.step).toBe(100);
    cpSync(join(other, 'checkpoints'), join(folder, 'checkpoints'), { recursive: true });
    expect(() => latestCheckpoint(folder, { run })).toThrow('of another run: seed = 8, expected 7');
    expect(latestCheckpoint(folder)?.step).toBe(200);
    expect(readCheckpoint(path).run).toEqual(run);
  });
});
