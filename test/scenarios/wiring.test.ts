import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readPolicy, writePolicy } from '../../src/actors/policy-files.ts';
import { readRows } from '../../src/core/metric-rows.ts';
import { explainMetric } from '../../src/report/metrics-table.ts';
import { findScenario } from '../../src/scenarios/runner/find.ts';
import { RunFailed } from '../../src/scenarios/runner/run.ts';
import { resumeRun, type Settings, startRun } from '../../src/scenarios/runner/start.ts';
import type { RunView } from '../../src/scenarios/runner/view.ts';
import { bitsOf } from '../faults/command.ts';

const file = fileURLToPath(new URL('./fixtures/small-ppo.ts', import.meta.url));
const blind: RunView = { started() {}, progress() {}, warning() {}, saved() {}, finished() {} };
const never = new AbortController().signal;

async function run(changes: Partial<Settings> = {}, { signal = never, view = blind } = {}) {
  const runs = mkdtempSync(join(tmpdir(), 'troupe-wiring-'));
  const found = await findScenario(file);
  return startRun({ found, seeds: [3], threads: 2, executor: 'auto', runs, ...changes }, { view, signal });
}

it('a run that was stopped goes on to the bits of one that never was', { timeout: 90_000 }, async () => {
  const whole = await run();
  const stopping = new AbortController();
  const view = { ...blind, saved: () => stopping.abort() };
  const first = await run({}, { signal: stopping.signal, view });
  expect(first.status).toBe('interrupted');
  const rest = await resumeRun(first.folder, { view: blind, signal: never });
  expect(rest.status).toBe('finished');
  expect(bitsOf(rest.folder)).toEqual(bitsOf(whole.folder));

  // While its run is there: every figure that it logged is explained to its reader.
  const rows = readRows(join(whole.folder, 'metrics.jsonl'));
  const names = new Set(
    rows.flatMap(({ values, time }) => [...Object.keys(values), ...Object.keys(time ?? {})]),
  );
  expect([...names].filter(name => explainMetric(name) === '' || name.includes('no_link'))).toEqual([]);
  expect(names.size).toBeGreaterThan(20);
});

it('a run starts from the policy of another one', { timeout: 90_000 }, async () => {
  const weights = async (folder: string) => {
    const { parameters } = await readPolicy(join(folder, 'policy'));
    // The middle of them: the statistics of observations and returns, which do move, are elsewhere.
    return [...parameters.subarray(parameters.length / 4, parameters.length / 2)];
  };
  const teacher = (await run()).folder;
  // Steps too small to move a parameter: what comes out is what went in.
  const set = ['ppo.learningRateSchedule=constant', 'ppo.learningRate=1e-30', 'steps=64'];
  const taught = await run({ seeds: [4], init: teacher, set });
  expect(await weights(taught.folder)).toEqual(await weights(teacher));

  // The scale of rewards goes on too: 256 returns of the teacher's, then 64.
  const countOf = async (folder: string) =>
    (await readPolicy(join(folder, 'policy'))).statistics['return_count'];
  expect(await Promise.all([teacher, taught.folder].map(countOf))).toEqual([256, 320]);
  const { statistics: _, ...before } = await readPolicy(join(teacher, 'policy'));
  await writePolicy(join(teacher, 'policy'), before);
  const warnings: string[] = [];
  const view = { ...blind, warning: (line: string) => void warnings.push(line) };
  expect(await countOf((await run({ seeds: [4], init: teacher, set }, { view })).folder)).toBe(64);
  expect(warnings).toContain(
    `--init ${teacher}: its policy was saved without the scale of rewards, which is measured anew`,
  );
});

it('a run whose learning breaks down ends at once, and says where, over what and what is saved', async () => {
  const warnings: string[] = [];
  const view = { ...blind, warning: (line: string) => void warnings.push(line) };
  const set = ['ppo.learningRateSchedule=constant', 'ppo.learningRate=1e39'];
  const failed = (await run({ set }, { view }).catch((error: unknown) => error)) as RunFailed;
  expect(failed).toBeInstanceOf(RunFailed);
  expect(failed.message).toMatch(
    /^small-ppo, seed 3: learner at step 64: learning broke down: \w+ = (NaN|-?Infinity); try a lower learningRate [^\n]*$/,
  );
  expect(failed.saved).toBe(0);
  expect(warnings.filter(line => line.includes('restarted'))).toEqual([]);
});
