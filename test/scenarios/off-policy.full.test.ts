import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRows } from '../../src/core/metric-rows.ts';
import { findScenario } from '../../src/scenarios/runner/find.ts';
import { resumeRun, type Settings, startRun } from '../../src/scenarios/runner/start.ts';
import type { RunView } from '../../src/scenarios/runner/view.ts';
import { bitsOf } from '../faults/command.ts';
import { threadsOfTheSources } from '../setup/threads.ts';

// Its policy is the tests' own.
threadsOfTheSources();

const file = fileURLToPath(new URL('./fixtures/small-off-policy.ts', import.meta.url));
const blind: RunView = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };
const never = new AbortController().signal;

async function run(changes: Partial<Settings> = {}, { signal = never, view = blind } = {}) {
  const runs = mkdtempSync(join(tmpdir(), 'troupe-off-policy-'));
  const found = await findScenario(file);
  return startRun({ found, seeds: [3], threads: 1, executor: 'auto', runs, ...changes }, { view, signal });
}

test('a run that was stopped has saved itself, and goes on to the bits of one that never was', async () => {
  const whole = await run();
  expect(whole.status).toBe('finished');
  const rows = readRows(join(whole.folder, 'metrics.jsonl')).filter(({ source }) => source === 'learner');
  expect(rows.map(({ step }) => step)).toEqual([32, 64, 96, 128]);
  expect(rows.at(-1)?.values['episode_return']).toBeTypeOf('number');
  // How many explorers there are is an option: threads change no bit.
  expect(bitsOf((await run({ threads: 2 })).folder)).toEqual(bitsOf(whole.folder));

  const stopping = new AbortController();
  const view = { ...blind, saved: (step: number) => void (step >= 16 && stopping.abort()) };
  const first = await run({}, { signal: stopping.signal, view });
  expect(first.status).toBe('interrupted');
  const rest = await resumeRun(first.folder, { view: blind, signal: never });
  expect(rest.status).toBe('finished');
  expect(bitsOf(rest.folder)).toEqual(bitsOf(whole.folder));
});

/** Whether the policy is judged by its best actions: one that leans to the right walks right all the way. */
async function judgedByTheBest(set: string[]): Promise<boolean> {
  const { folder } = await run({ set: ['steps=16', 'toy.stays=true', 'toy.bias=0.1', ...set] });
  const row = readRows(join(folder, 'metrics.jsonl'))
    .filter(({ source }) => source === 'evaluator')
    .at(-1);
  // From a start within ±1 it is at 5 after six steps at most.
  return row !== undefined && row.values['evaluation_length'] <= 6;
}

test('a policy is judged without exploration: one whose best actions waver goes red', async () => {
  expect(await judgedByTheBest([])).toBe(true);
  expect(await judgedByTheBest(['toy.wavers=true'])).toBe(false);
});

test('observations that are kept on disk lie within the run, and change no bit of what is learned', async () => {
  const [whole, spilled] = [await run(), await run({ set: ['replay.spill=rows'] })];
  expect(existsSync(join(spilled.folder, 'rows'))).toBe(true);
  const values = ({ folder }: { readonly folder: string }) =>
    readRows(join(folder, 'metrics.jsonl'))
      .filter(({ source }) => source !== 'system')
      .map(({ source, step, values }) => ({ source, step, values }));
  expect(values(spilled)).toEqual(values(whole));
});

test('bytes are for whole numbers: positions on a line are refused', async () => {
  await expect(run({ set: ['replay.observations=uint8'] })).rejects.toThrow(
    /observations = uint8: observation -?[\d.]+: expected a whole number, 0 to 255/,
  );
});

test('a run too short to learn in says so', async () => {
  const warnings: string[] = [];
  const view = { ...blind, warning: (line: string) => void warnings.push(line) };
  await run({ set: ['steps=16'] }, { view });
  expect(warnings.join()).toContain('replay.startAfter = 20: expected less than steps = 16');
});
