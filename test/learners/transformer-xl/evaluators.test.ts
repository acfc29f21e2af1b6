import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { recallSegment, type System, startSystem } from '../../../src/actors/index.ts';
import { characterTokenizer, openText } from '../../../src/data/index.ts';
import {
  bitsOf,
  type LanguageModel,
  languageModelConfig,
  languageModelLayout,
  nextTokenLogits,
  parametersOf,
  readTokens,
} from '../../../src/learners/language-model/index.ts';
import {
  segmentEvaluator,
  slidingEvaluator,
  streamEvaluator,
  textSegments,
} from '../../../src/learners/transformer-xl/index.ts';
import { initTensors, type Tensor, tf } from '../../../src/tensors/index.ts';
import { noise } from '../../tensors/fixtures/torch-cases.ts';
import { asTensors } from '../language-model/segmentation.ts';
import { recallVocabulary, testStream } from './recall.ts';

let system: System | undefined;
const folder = mkdtempSync(join(tmpdir(), 'troupe-held-out-'));
const path = join(folder, 'text.txt');
// 19 of 20 characters train.
const text = Array.from({ length: 1000 }, (_, i) => 'abcde'[Math.floor(5 * Math.abs(Math.sin(i * i)))]).join(
  '',
);
const config = languageModelConfig.parse({ layers: 1, width: 8, heads: 2, inner: 8 });
const vocabulary = 5;
const parameters = noise(7, [languageModelLayout({ config, vocabulary }).size]).data as Float32Array;

beforeAll(async () => {
  writeFileSync(path, text);
  await initTensors();
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  await system?.stop();
  system = undefined;
});

const ref = { name: 'file', path, split: 'test' } as const;
const spawned = async () => {
  system = await startSystem({ seed: 1 });
  const held = { text: ref, tokenizer: characterTokenizer(text).toJSON(), model: config };
  return {
    stream: await system.spawn(streamEvaluator, held, { on: 'main' }),
    sliding: await system.spawn(slidingEvaluator, held, { on: 'main' }),
  };
};

/** Bits a token of the held-out text, each token guessed from the `attention` before it. */
function bitsFromWindows(attention: number): number {
  const ids = characterTokenizer(text).encode(openText(ref));
  const params = asTensors<LanguageModel<Tensor>>(parametersOf({ config, vocabulary, parameters }));
  const windows = Array.from({ length: ids.length - attention }, (_, i) => [...ids.slice(i, i + attention)]);
  const { hidden } = readTokens(
    params,
    tf.tensor(windows.flat(), [windows.length, attention], 'int32'),
    config,
  );
  const logs = tf.logSoftmax(nextTokenLogits(params, hidden)).arraySync() as number[][][];
  let nats = 0;
  for (let at = 1; at < ids.length; at++) {
    // Up to the length of a window, the first one's places; then the last place of each.
    const row = at < attention ? logs[0][at - 1] : logs[at - attention][attention - 1];
    nats -= row[ids[at]];
  }
  return bitsOf(nats / (ids.length - 1));
}

describe('evaluators on held-out text', () => {
  test('read all of it, each token once, however it is cut', async () => {
    const { stream, sliding } = await spawned();
    const told: number[] = [];
    stream.outputs.reports.subscribe(({ bits }) => told.push(bits));
    const whole = await stream.call.evaluate(parameters, { lanes: 1, length: 49, memory: 49 });
    const cut = await stream.call.evaluate(parameters, { lanes: 1, length: 7, memory: 49 });
    expect(whole).toMatchObject({ tokens: 49, attnLen: 98, memLen: 49 });
    expect(cut.tokens).toBe(49);
    expect(cut.bits).toBeCloseTo(whole.bits, 5);
    expect(cut.accuracy).toBe(whole.accuracy);
    expect(whole.wallMs).toBeGreaterThan(0);
    // A window over all of the text is its first one: all of its places count.
    const window = await sliding.call.evaluate(parameters, { attention: 48, windows: 1 });
    expect(window).toMatchObject({ tokens: 49, attnLen: 48, memLen: 0 });
    expect(window.bits).toBeCloseTo(whole.bits, 1);
    await new Promise(resolve => setImmediate(resolve));
    expect(told).toEqual([whole.bits, cut.bits]);
  });

  test('slide a window as by hand, many at once', async () => {
    const { sliding } = await spawned();
    const report = await sliding.call.evaluate(parameters, { attention: 6, windows: 8 });
    expect(report.tokens).toBe(49);
    expect(report.bits).toBeCloseTo(bitsFromWindows(6), 5);
    expect(await sliding.call.evaluate(parameters, { attention: 6, windows: 8, tokens: 20 })).toMatchObject({
      tokens: 20,
    });
  });

  test('see the same as sliding windows with one block and the same length', async () => {
    const { stream } = await spawned();
    const reading = { lanes: 1, length: 7, memory: 6, sameLength: true };
    const report = await stream.call.evaluate(parameters, reading);
    expect(report).toMatchObject({ attnLen: 6, memLen: 6 });
    expect(report.bits).toBeCloseTo(bitsFromWindows(6), 5);
  });

  test('have controls that show whether the memory is used', async () => {
    const { stream } = await spawned();
    const reading = { lanes: 4, length: 4, memory: 8 };
    const bits = async (more: object) =>
      (await stream.call.evaluate(parameters, { ...reading, ...more })).bits;
    const own = await bits({});
    const off = await bits({ control: 'off' });
    expect(await bits({ memory: 0 })).toBe(off);
    for (const other of [off, await bits({ control: 'shuffled' }), await bits({ clamp: 2 })]) {
      expect(Math.abs(other - own)).toBeGreaterThan(1e-3);
    }
    await expect(
      stream.call.evaluate(parameters, { ...reading, lanes: 1, control: 'shuffled' }),
    ).rejects.toThrow('control = shuffled: expected 2 or more lanes');
    await expect(stream.call.evaluate(parameters, { ...reading, lanes: 50 })).rejects.toThrow(
      'tokens: expected',
    );
  });
});

test('a text is cut into lanes whose last segment may be shorter', () => {
  const segments = [
    ...textSegments(
      Int32Array.from({ length: 12 }, (_, i) => i),
      { lanes: 2, length: 3 },
    ),
  ];
  expect(segments.map(({ ids }) => [...ids])).toEqual([
    [0, 1, 2, 5, 6, 7],
    [3, 4, 0, 8, 9, 0],
  ]);
  expect(segments.map(({ next }) => [...next])).toEqual([
    [1, 2, 3, 6, 7, 8],
    [4, 5, -1, 9, 10, -1],
  ]);
  expect(segments.map(({ reset }) => [...reset])).toEqual([
    [1, 1],
    [0, 0],
  ]);
});

test('segments of a stream are judged as they come', async () => {
  system = await startSystem({ seed: 1 });
  const shape = { lanes: 3, length: 4 };
  const size = languageModelLayout({ config, vocabulary: recallVocabulary }).size;
  const judge = await system.spawn(
    segmentEvaluator,
    { model: config, vocabulary: recallVocabulary, memory: 8, ...shape },
    { on: 'main' },
  );
  const stream = await system.spawn(testStream, { ...shape, distance: 5 }, { on: 'main' });
  system.link(judge.outputs.needs, stream.inputs.needs);
  system.link(stream.outputs.segments, judge.inputs.segments);
  const task = { ...shape, distance: 5, seed: 1 };
  const counted = Array.from(
    { length: 19 },
    (_, tau) => recallSegment(task, tau).next.filter(id => id >= 0).length,
  );
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  // Two fill the memory, and count nothing.
  const params = new Float32Array(size);
  const first = await judge.call.evaluate(params, 10);
  expect(first).toMatchObject({ tokens: sum(counted.slice(2, 12)), memLen: 8, attnLen: 12 });
  const { bits, tokens } = await judge.call.evaluate(params, 5);
  expect(tokens).toBe(sum(counted.slice(14)));
  expect(bits).toBeCloseTo(Math.log2(recallVocabulary), 5);
});
