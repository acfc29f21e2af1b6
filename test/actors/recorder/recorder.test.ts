import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { checkActor, type Placement, type System, startSystem } from '../../../src/actors/index.ts';
import { recorder } from '../../../src/actors/recorder/recorder.ts';
import { formatRow, readRows } from '../../../src/core/metric-rows.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { deaf, madeUpRow, oddSource, rowSource } from '../../fixtures/actors/rows.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'troupe-recorder-'));
const linesOf = (folder: string) => readFileSync(join(folder, 'metrics.jsonl'), 'utf8');
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${formatRow(madeUpRow(from + i))}\n`).join('');

let system: System;
afterEach(() => system?.stop());

/** A source linked to a recorder, which goes on from `state` if given. */
async function recording(folder: string, on: Placement, state?: Snapshot) {
  system = await startSystem({ seed: 1 });
  const learner = await system.spawn(rowSource, {}, { on: 'main' });
  const log = await system.spawn(
    recorder,
    { folder },
    { on, ...(state !== undefined && { restore: [state] }) },
  );
  system.link(learner.outputs.rows, log.inputs.metrics);
  return { learner, log };
}

describe.each<Placement>(['main', 'worker'])('the recorder on %s', on => {
  it('waits for the rows that were sent, writes them, and passes them on', async () => {
    const folder = fresh();
    const { learner, log } = await recording(folder, on);
    const shown = firstValueFrom(log.outputs.progress.pipe(take(20), toArray()));
    await learner.call.send(0, 20);
    const offsets = await log.call.flush(20);
    expect(linesOf(folder)).toBe(lines(0, 20));
    expect(offsets).toMatchObject({ rows: 20, metrics: Buffer.byteLength(lines(0, 20)) });
    expect(await shown).toEqual(Array.from({ length: 20 }, (_, i) => madeUpRow(i)));
    expect(await log.snapshot()).toEqual([offsets]);
  });

  it('goes on from a checkpoint with the lines of a run that was never left', async () => {
    const folder = fresh();
    const first = await recording(folder, on);
    await first.learner.call.send(0, 6);
    const state = await first.log.call.flush(6);
    await first.learner.call.send(6, 11);
    await first.log.call.flush(11);
    await system.stop();

    const second = await recording(folder, on, state);
    await second.log.call.flush();
    expect(linesOf(folder)).toBe(lines(0, 6));
    await second.learner.call.send(6, 12);
    expect(await second.log.call.flush(12)).toMatchObject({ rows: 12 });
    expect(linesOf(folder)).toBe(lines(0, 12));
  });

  it('warns of ill rows, unless it is told not to', async () => {
    const { learner, log } = await recording(fresh(), on);
    const quiet = await system.spawn(recorder, { folder: fresh(), watch: false }, { on, name: 'quiet' });
    system.link(learner.outputs.rows, quiet.inputs.metrics);
    // All there were by the end: a warning and an answer leave a worker by ports of their own, in no order.
    const events = firstValueFrom(system.events.pipe(toArray()));
    await learner.call.send(0, 5);
    await Promise.all([log.call.flush(5), quiet.call.flush(5)]);
    await system.stop();
    expect(await events).toEqual([
      {
        type: 'warning',
        actor: 'recorder',
        message: expect.stringMatching(
          /^not a number \(learner at step 3,072\): value_loss is NaN\./,
        ) as string,
      },
    ]);
  });
});

it('waits for the rows it was told of, whatever else arrives', async () => {
  const folder = fresh();
  const { learner, log } = await recording(folder, 'main');
  const aside = await system.spawn(rowSource, {}, { on: 'main', name: 'aside' });
  system.link(aside.outputs.rows, log.inputs.asides);
  await aside.call.send(0, 20);
  const flushed = log.call.flush(3);
  await learner.call.send(100, 103);
  expect(await flushed).toMatchObject({ rows: 23, counted: 3 });
});

it('a display that never looks does not hold up the log', async () => {
  const folder = fresh();
  const { learner, log } = await recording(folder, 'main');
  const stuck = await system.spawn(deaf, {}, { on: 'main' });
  system.link(log.outputs.progress, stuck.inputs.rows, { depth: 2 });
  await learner.call.send(0, 100);
  await log.call.flush(100);
  expect(readRows(join(folder, 'metrics.jsonl'))).toHaveLength(100);
});

it('a row that is none stops the run with one line', async () => {
  const { log } = await recording(fresh(), 'main');
  const odd = await system.spawn(oddSource, {}, { on: 'main' });
  system.link(odd.outputs.rows as never, log.inputs.metrics);
  await odd.call.send().catch(() => undefined);
  await expect(system.failed).rejects.toThrow(/recorder.*metrics.*values\.loss/);
});

it('holds to the contract of actors', async () => {
  const report = await checkActor(
    recorder,
    { folder: fresh() },
    { inputs: { metrics: [0, 1, 2].map(madeUpRow) }, awaits: { progress: 3 }, calls: { flush: [3] } },
  );
  expect(report.findings).toEqual([]);
});
