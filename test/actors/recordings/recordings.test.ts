import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { playEpisodes } from '../../../src/actors/evaluator-episodes.ts';
import { type Recording, readRecording, writeRecording } from '../../../src/actors/recordings/file.ts';
import { recordEpisodes } from '../../../src/actors/recordings/record.ts';
import { recordedActionsConfig, recordedBatches } from '../../../src/actors/recordings/stream.ts';
import { encodeSafetensors } from '../../../src/core/safetensors.ts';
import { cartPole } from '../../../src/env/classic/cart-pole.ts';
import { environmentRef, loadEnvironment } from '../../../src/env/define.ts';
import { box, discrete } from '../../../src/env/spaces.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-recordings-'));

/** 3 episodes of 2, 1 and 3 steps; the observation of step t is (t, −t), its action t mod 2. */
const recording: Recording = {
  environment: 'made-up',
  spaces: { observation: box(2), action: discrete(2) },
  observations: Float32Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 1 : -1) * Math.floor(i / 2)),
  actions: Int32Array.of(0, 1, 0, 1, 0, 1),
  lengths: Int32Array.of(2, 1, 3),
  returns: Float32Array.of(2, 1, 3),
};

describe('a recording', () => {
  test('is read as it was written, of choices and of boxes', () => {
    const path = join(folder, 'choices.safetensors');
    writeRecording(path, recording);
    expect(readRecording(path)).toEqual(recording);
    const moves: Recording = {
      ...recording,
      spaces: { observation: box(2), action: box(1, { low: -1, high: 1 }) },
      actions: Float32Array.of(0.5, -0.5, 0.25, 0, 1, -1),
    };
    writeRecording(path, moves);
    expect(readRecording(path)).toEqual(moves);
  });

  test('is refused where it is none, or not whole', () => {
    const path = join(folder, 'broken.safetensors');
    expect(() => readRecording(join(folder, 'none'))).toThrow(/none: ENOENT/);
    writeFileSync(path, encodeSafetensors({}, { format: 'something' }));
    expect(() => readRecording(path)).toThrow(`${path}: format = something: expected troupe recording 1`);
    writeRecording(path, recording);
    writeFileSync(path, readFileSync(path).subarray(0, -4));
    expect(() => readRecording(path)).toThrow(path);
    const about = {
      format: 'troupe recording 1',
      environment: 'x',
      spaces: JSON.stringify(recording.spaces),
    };
    const { observations, actions, returns } = recording;
    const tensors = {
      observations: { shape: [6, 2], data: observations },
      actions: { shape: [6, 1], data: actions },
      lengths: { shape: [1], data: Int32Array.of(5) },
      returns: { shape: [3], data: returns },
    };
    writeFileSync(path, encodeSafetensors(tensors, about));
    expect(() => readRecording(path)).toThrow(
      /lengths: expected those of 3 episodes, at least 1 each, got 5/,
    );
    const shorter = { ...tensors, returns: { shape: [1], data: returns.subarray(0, 1) } };
    writeFileSync(path, encodeSafetensors(shorter, about));
    expect(() => readRecording(path)).toThrow(/expected 5 observations and actions.*got 6 and 6/);
    writeFileSync(path, encodeSafetensors(tensors, { format: about.format }));
    expect(() => readRecording(path)).toThrow(`${path}: spaces = none: expected JSON`);
    writeRecording(path, { ...recording, actions: Int32Array.of(0, 1, 2, 1, 0, 1) });
    expect(() => readRecording(path)).toThrow(`${path}: actions: 2: expected a choice, 0 to 1`);
    writeRecording(path, { ...recording, observations: observations.with(3, Number.NaN) });
    expect(() => readRecording(path)).toThrow(`${path}: observations: NaN: expected finite numbers`);
    writeFileSync(path, encodeSafetensors({ ...tensors, actions: tensors.observations }, about));
    expect(() => readRecording(path)).toThrow(/actions: expected int32 numbers/);
  });
});

test('what is recorded are the episodes that an evaluation plays, each seen and done step in its place', async () => {
  // Always to the side that the pole leans to: episodes of different lengths.
  const environment = await loadEnvironment(environmentRef(cartPole), 3);
  const lean = () => Int32Array.from([0, 1, 2], i => Number(environment.observations[4 * i + 2] > 0));
  const plain = playEpisodes(environment, lean, 7, 5);
  const { observations, actions, lengths, returns } = recordEpisodes(environment, lean, 7, 5);
  expect([...lengths]).toEqual(plain.lengths);
  expect([...returns]).toEqual(plain.returns);
  expect(new Set(lengths).size).toBeGreaterThan(2);
  const total = lengths.reduce((sum, n) => sum + n, 0);
  expect([observations.length, actions.length]).toEqual([4 * total, total]);
  for (let t = 0; t < total; t++) expect(actions[t]).toBe(Number(observations[4 * t + 2] > 0));
  // An episode starts within ± 0.05, and moves by 0.02 · its velocity from step to step.
  let at = 0;
  for (const length of lengths) {
    for (let k = 0; k < 4; k++) expect(Math.abs(observations[4 * at + k])).toBeLessThanOrEqual(0.05);
    for (let t = at; t < at + length - 1; t++) {
      const [x, v, next] = [observations[4 * t], observations[4 * t + 1], observations[4 * t + 4]];
      expect(next).toBeCloseTo(x + 0.02 * v, 6);
    }
    at += length;
  }
  environment.close();
});

describe('batches of a recording', () => {
  const of = (settings: object) =>
    recordedBatches(recording, recordedActionsConfig.parse({ path: 'x', batch: 2, seed: 1, ...settings }));

  test('hold each step once an epoch, and what was done with what was seen', () => {
    const make = of({});
    for (const epoch of [0, 1]) {
      const batches = [0, 1, 2].map(i => make(3 * epoch + i));
      const seen = batches.flatMap(({ observations }) => [observations[0], observations[2]]);
      expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(batches.flatMap(({ actions }) => [...actions])).toEqual(seen.map(t => t % 2));
    }
    expect(make(4)).toEqual(of({})(4));
  });

  test('are of as much as is asked for, and no more than there is', () => {
    const make = of({ episodes: 2, steps: 2 });
    for (let i = 0; i < 4; i++)
      expect([make(i).observations[0], make(i).observations[2]].sort()).toEqual([0, 1]);
    expect(() => of({ episodes: 4 })).toThrow('x: episodes = 4: expected at most the 3 that it holds');
    expect(() => of({ episodes: 2, steps: 4 })).toThrow(
      'x: steps = 4: expected at most the 3 that there are',
    );
    expect(() => of({ steps: 1 })).toThrow(/batch = 2: expected at most the 1 samples/);
  });
});
