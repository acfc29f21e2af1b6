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
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { TroupeError } from '../../../src/core/errors.ts';
import { readRows } from '../../../src/core/metric-rows.ts';
import { readSummary } from '../../../src/report/summary.ts';
import { findScenario } from '../../../src/scenarios/runner/find.ts';
import { readRunInfo } from '../../../src/scenarios/runner/folder.ts';
import { lockRun } from '../../../src/scenarios/runner/lock.ts';
import { RunFailed, type Surroundings } from '../../../src/scenarios/runner/run.ts';
import { resumeRun, type Settings, startRun } from '../../../src/scenarios/runner/start.ts';
import type { RunView } from '../../../src/scenarios/runner/view.ts';

const file = fileURLToPath(new URL('../fixtures/counter.ts', import.meta.url));
let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'troupe-runs-'));
});

async function settings(changes: Partial<Settings> = {}): Promise<Settings> {
  const found = await findScenario(file);
  return { found, seeds: [7], threads: 1, executor: 'auto', runs, ...changes };
}

/** A view that keeps what it is told, and may stop the run where a warning comes. */
function watch(stopAt?: string) {
  const seen: string[] = [];
  const stopping = new AbortController();
  const view: RunView = {
    started: run =>
      void seen.push(`started ${run.seed} at ${run.resumedAt ?? 0} (${run.index} of ${run.count})`),
    progress: () => {},
    warning(message) {
      seen.push(`! ${message}`);
      if (stopAt !== undefined && message.includes(stopAt)) stopping.abort();
    },
    saved: step => void seen.push(`saved ${step}`),
    finished: summary => void seen.push(`finished ${summary.seed}`),
  };
  const surroundings: Surroundings = {
    view,
    signal: stopping.signal,
    probe: async () => ({ matmul_512_ms: 1 }),
  };
  return { seen, surroundings };
}

async function finished(changes: Partial<Settings> = {}) {
  const outcome = await startRun(await settings(changes), watch().surroundings);
  if (outcome.status !== 'finished') throw new Error(outcome.status);
  return outcome;
}

/** What a wrong use is answered with. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TroupeError);
  expect((error as TroupeError).kind).toBe('usage');
  expect((error as Error).message).not.toContain('\n');
  return (error as Error).message;
}

describe('a run', () => {
  it('leaves what it was, what it measured, and its verdicts', async () => {
    const { folder, summary } = await finished({ set: ['scale=2'] });
    expect(readRunInfo(folder)).toMatchObject({
      kind: 'run',
      scenario: 'counter',
      file,
      seed: 7,
      threads: 1,
      options: { steps: 60, scale: 2, noteAt: -1, failAt: -1 },
      versions: { node: process.versions.node },
    });
    expect(readSummary(folder)).toEqual(summary);
    expect(summary).toMatchObject({
      scenario: 'counter',
      seed: 7,
      steps: 60,
      executor: 'adding',
      metrics: { 'counts.steps': 60, 'counts.started': 0, total: expect.any(Number) },
      checks: [
        { name: 'numbers', value: 60, atLeast: 60, pass: true },
        { name: 'sum', unit: 'm', pass: true },
      ],
      passed: true,
      machine: { probe: { matmul_512_ms: 1 } },
    });
    expect(Object.keys(summary.metrics)).not.toContain('text');
    const rows = readRows(join(folder, 'metrics.jsonl'));
    expect(rows.map(row => row.step)).toEqual([10, 20, 30, 40, 50, 60]);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('counter');
  });

  it('is the same for the same seed, and another for another', async () => {
    const [a, b, c] = [await finished(), await finished(), await finished({ seeds: [8] })];
    expect(a.summary.metrics).toEqual(b.summary.metrics);
    expect(a.summary.metrics['total']).not.toBe(c.summary.metrics['total']);
    expect(readdirSync(join(runs, 'counter'))).toHaveLength(3); // two within a second: no folder is used twice
  });

  it('at smoke size takes what the scenario says of it', async () => {
    const { summary } = await finished({ smoke: true });
    expect(summary).toMatchObject({ steps: 20, passed: false });
  });

  it('of several seeds is judged as a whole, in one folder', async () => {
    const { folder, summary } = await finished({ seeds: [1, 2, 5] });
    expect(summary.runs?.map(run => run.seed)).toEqual([1, 2, 5]);
    const totals = summary.runs!.map(run => run.metrics['total']).sort((a, b) => a - b);
    expect(summary.metrics['total']).toBe(totals[1]);
    expect(summary.checks[0]).toMatchObject({ over: 'every', values: [60, 60, 60], pass: true });
    expect(summary.checks[1]).toMatchObject({ over: 'median', pass: true });
    expect(readSummary(join(folder, 'seed2')).seed).toBe(2);
    expect(readSummary(folder)).toEqual(summary);
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
  });

  it('refuses a folder that cannot be written, before any work', async () => {
    const taken = join(runs, 'file');
    writeFileSync(taken, '');
    const { seen, surroundings } = watch();
    const line = await refusal(startRun(await settings({ runs: taken }), surroundings));
    expect(line).toBe(`--runs ${taken}: cannot write there (ENOTDIR), expected a folder that can be written`);
    expect(seen).toEqual([]);
  });

  it('starts from another run only if that has a policy', async () => {
    const { folder } = await finished();
    expect(await refusal(finished({ init: folder }))).toContain('has not saved a policy yet');
    expect(await refusal(finished({ init: join(runs, 'nowhere') }))).toContain('no such folder');
    mkdirSync(join(folder, 'policy'));
    writeFileSync(join(folder, 'policy', 'policy.json'), '{}');
    const { summary } = await finished({ init: folder });
    expect(summary.metrics['counts.started']).toBe(1);
  });
});

describe('a run that is stopped', () => {
  it('saves at the next barrier, and goes on to the same end', async () => {
    const whole = await finished();
    const { seen, surroundings } = watch('note at 25');
    const outcome = await startRun(await settings({ set: ['noteAt=25'] }), surroundings);
    expect(outcome).toMatchObject({ status: 'interrupted', step: 30 });
    expect(existsSync(join(outcome.folder, 'summary.json'))).toBe(false);
    expect(seen.slice(-2)).toEqual(['! note at 25', 'saved 30']);

    const later = watch();
    const resumed = await resumeRun(outcome.folder, later.surroundings);
    expect(later.seen[0]).toBe('started 7 at 30 (0 of 1)');
    if (resumed.status !== 'finished') throw new Error(resumed.status);
    expect(resumed.summary.metrics).toEqual(whole.summary.metrics);
    expect(readRows(join(resumed.folder, 'metrics.jsonl'))).toEqual(
      readRows(join(whole.folder, 'metrics.jsonl')),
    );
  });

  it('still has what it told before: steps, pace, warnings, executor', async () => {
    const mine = join(runs, 'told.ts');
    const sources = new URL('../../../src/', import.meta.url).href;
    writeFileSync(
      mine,
      `import { z } from 'zod';
import { interrupted, scenario } from '${sources}scenarios/index.ts';
export default scenario({
  name: 'told', summary: '', options: z.object({}), smoke: {},
  async play({ record, resume }) {
    if (resume) {
      record.executor({ name: 'onnx-wasm', reason: 'as it was named' });
      return {};
    }
    record.warn('careful');
    record.executor({ name: 'onnx-cpu', reason: '' });
    record.executor({ name: 'onnx-wasm', reason: 'onnx-wasm 1.2 ms a step, onnx-cpu 4.8 ms a step', measured: true });
    record.progress({ step: 0, steps: 50 });
    await new Promise(resolve => setTimeout(resolve, 10));
    record.progress({ step: 50, steps: 50 });
    await record.checkpoint(50, {});
    throw interrupted(50);
  },
});`,
    );
    const outcome = await startRun(await settings({ found: await findScenario(mine) }), watch().surroundings);
    const resumed = await resumeRun(outcome.folder, watch().surroundings);
    if (resumed.status !== 'finished') throw new Error(resumed.status);
    expect(resumed.summary).toMatchObject({
      steps: 50,
      warnings: ['careful'],
      executor: 'onnx-wasm',
      measured: 'onnx-wasm 1.2 ms a step, onnx-cpu 4.8 ms a step',
    });
    // To have the same again, nobody may measure again.
    expect(resumed.summary.command).toMatch(/ --executor onnx-wasm$/);
    expect(readFileSync(join(resumed.folder, 'report.html'), 'utf8')).toContain(
      'onnx-wasm (measured: onnx-wasm 1.2 ms a step, onnx-cpu 4.8 ms a step)',
    );
    expect(resumed.summary.stepsPerSecond).toBeGreaterThan(0);
    expect(resumed.summary.stepsPerSecond).toBeLessThan(50 / 0.009);
  });

  it('among several seeds goes on with those that are left', async () => {
    const whole = await finished({ seeds: [1, 2] });
    const first = watch('note at 25');
    const outcome = await startRun(await settings({ seeds: [1, 2], set: ['noteAt=25'] }), first.surroundings);
    expect(outcome.status).toBe('interrupted');
    const second = watch();
    const resumed = await resumeRun(outcome.folder, second.surroundings);
    if (resumed.status !== 'finished') throw new Error(resumed.status);
    expect(second.seen.filter(line => line.startsWith('started'))).toEqual([
      'started 1 at 30 (0 of 2)',
      'started 2 at 0 (1 of 2)',
    ]);
    expect(resumed.summary.metrics).toEqual(whole.summary.metrics);
  });

  it('by an error says which seed, in one line, and from where it can go on', async () => {
    const error = await startRun(await settings({ set: ['failAt=25'] }), watch().surroundings).catch(e => e);
    expect(error).toBeInstanceOf(RunFailed);
    expect(error.message).toMatch(/^counter, seed 7: lost count at 25 \(test\S+counter\.ts:\d+:\d+\)$/);
    expect(error).toMatchObject({ kind: 'failure', saved: 20 });
    expect(existsSync(join(error.folder, 'summary.json'))).toBe(false);
  });

  it('by an error in one of several seeds goes on with all that are left', async () => {
    const failing = await settings({ seeds: [1, 2], set: ['failAt=25'] });
    const error = await startRun(failing, watch().surroundings).catch(e => e);
    expect(error.message).toMatch(/^counter, seed 1: lost count at 25 \(test\S+counter\.ts:\d+:\d+\)$/);
    expect(error).toMatchObject({ saved: 20, folder: expect.stringMatching(/2-seeds$/) });
  });

  it('when finished is given back, and rid of what its process left that was killed at its end', async () => {
    const { folder, summary } = await finished();
    const before = readdirSync(folder).sort();
    const claim = { pid: process.pid, host: hostname(), since: 'before' };
    mkdirSync(join(folder, 'run.lock'));
    writeFileSync(join(folder, 'run.lock', 'claim.json'), JSON.stringify(claim));
    writeFileSync(join(folder, 'report.html.123.part'), '<html>');
    rmSync(join(folder, 'report.html'));
    expect(await resumeRun(folder, watch().surroundings)).toMatchObject({ summary, before: true });
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('when finished is given back as it is', async () => {
    const { folder, summary } = await finished();
    const before = readFileSync(join(folder, 'metrics.jsonl'), 'utf8');
    const { seen, surroundings } = watch();
    expect(await resumeRun(folder, surroundings)).toEqual({
      status: 'finished',
      folder,
      summary,
      before: true,
    });
    expect(seen).toEqual([]);
    expect(readFileSync(join(folder, 'metrics.jsonl'), 'utf8')).toBe(before);
  });
});

describe('what cannot be resumed', () => {
  const resume = (folder: string, named?: string) => refusal(resumeRun(folder, watch().surroundings, named));

  async function stopped(): Promise<string> {
    const outcome = await startRun(await settings({ set: ['noteAt=25'] }), watch('note').surroundings);
    expect(outcome.status).toBe('interrupted');
    return outcome.folder;
  }
  const checkpoints = (folder: string) =>
    readdirSync(join(folder, 'checkpoints')).map(name => join(folder, 'checkpoints', name));

  it('is no run, or one of another scenario', async () => {
    expect(await resume(join(runs, 'x'))).toBe(
      `${join(runs, 'x')}: no such folder, expected a run (runs/<scenario>/<run>)`,
    );
    expect(await resume(runs)).toBe(`${runs}: not a run, expected a run.json in it`);
    const folder = await stopped();
    expect(await resume(folder, 'cart-pole')).toBe(
      `--resume ${folder}: a run of counter, expected one of cart-pole`,
    );
  });

  it('has a run.json that is broken or foreign', async () => {
    const path = join(runs, 'run.json');
    writeFileSync(path, '{ "scenario": ');
    expect(await resume(runs)).toContain(`${path}: cannot be read as JSON`);
    writeFileSync(path, '{ "name": "webpack" }');
    expect(await resume(runs)).toMatch(/run\.json: kind: .*expected a run of troupe/);
    writeFileSync(path, '[]');
    expect(await resume(runs)).toContain('expected a run of troupe');
  });

  it('has only damaged checkpoints; one that is whole is enough', async () => {
    const folder = await stopped();
    const saved = checkpoints(folder).sort();
    const newest = join(saved.at(-1)!, 'checkpoint.json');
    writeFileSync(newest, readFileSync(newest, 'utf8').replace('"step": 30', '"step": 31'));
    const all = watch();
    const copy = join(runs, 'copy');
    cpSync(folder, copy, { recursive: true });
    expect((await resumeRun(copy, all.surroundings)).status).toBe('finished');
    expect(all.seen[0]).toContain('damaged');
    for (const place of saved) writeFileSync(join(place, 'checkpoint.json'), 'what?');
    expect(await resume(folder)).toContain('none of its 2 checkpoints is whole');
  });

  it('is run by another process; once nobody runs it, no lock is left', async () => {
    const folder = await stopped();
    expect(existsSync(join(folder, 'run.lock'))).toBe(false);
    const release = lockRun(folder);
    expect(await resume(folder)).toContain(`process ${process.pid} on `);
    release();
    expect((await resumeRun(folder, watch().surroundings)).status).toBe('finished');
    expect(existsSync(join(folder, 'run.lock'))).toBe(false);
  });

  it('has a checkpoint of another run', async () => {
    const [one, other] = [await stopped(), await stopped()];
    const mine = checkpoints(one).sort().at(-1)!;
    writeFileSync(
      join(mine, 'checkpoint.json'),
      readFileSync(join(checkpoints(other).sort().at(-1)!, 'checkpoint.json')),
    );
    expect(await resume(one)).toMatch(/of another run: started = .*, expected/);
  });

  it('says so where versions have changed, and goes on', async () => {
    const folder = await stopped();
    const path = join(folder, 'run.json');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(`"node": "${process.versions.node}"`, '"node": "1.2.3"'),
    );
    const { seen, surroundings } = watch();
    expect((await resumeRun(folder, surroundings)).status).toBe('finished');
    expect(seen[0]).toContain(`made with other versions (node 1.2.3 → ${process.versions.node})`);
  });
});
