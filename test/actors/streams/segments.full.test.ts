import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkActor, describeActorReport } from '../../../src/actors/index.ts';
import { recallStream, segmentStream } from '../../../src/actors/streams/index.ts';
import { folderOf } from '../../data/idx-files.ts';

const folder = folderOf({ 'text.txt': 'call me ishmael. some years ago, never mind how long precisely' });
afterAll(() => rmSync(folder, { recursive: true }));

const shape = { lanes: 2, length: 4, seed: 1 };
const text = { name: 'file', path: join(folder, 'text.txt') } as const;
const asked = { inputs: { needs: [{ batches: 1 }, { batches: 2 }] }, awaits: { segments: 3 } };

it('a stream of segments keeps the rules for actors', async () => {
  const settings = { ...shape, text, tokenizer: { kind: 'characters' as const } };
  const report = await checkActor(segmentStream, settings, asked);
  expect(describeActorReport(report)).toContain('keeps all');
  expect(report.passed).toBe(true);
});

it('so does one of the recall task', async () => {
  const report = await checkActor(recallStream, { ...shape, distance: 8 }, asked);
  expect(describeActorReport(report)).toContain('keeps all');
  expect(report.passed).toBe(true);
});
