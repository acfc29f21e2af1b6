import { bufferTime, filter, firstValueFrom, scan } from 'rxjs';
import { afterEach, expect, it, vi } from 'vitest';
import { type Overflow, type System, startSystem } from '../../../src/actors/index.ts';
import { collector, source } from '../../fixtures/actors/basic.ts';
import { mortal, printer, proofreader } from '../../fixtures/actors/soak.ts';

let system: System;
afterEach(() => system?.stop());

it.each([1, 2, 3])(
  'whenever an actor dies, every message gets through, at least once and in order (seed %i)',
  async seed => {
    const [lives, count] = [12, 3000];
    system = await startSystem({ seed });
    const sender = await system.spawn(source, {});
    const middle = await system.spawn(mortal, { lives }, { restarts: { times: 99, within: 60_000 } });
    const end = await system.spawn(collector, {}, { on: 'main' });
    system.link(sender.outputs.numbers, middle.inputs.numbers);
    system.link(middle.outputs.numbers, end.inputs.numbers);
    await sender.call.sendBlocking(count);
    await vi.waitFor(async () => expect((await end.call.seen()).at(-1)).toBe(count - 1), { timeout: 30_000 });
    const seen = await end.call.seen();
    expect(seen.filter((n, i) => n !== seen[i - 1])).toEqual(Array.from({ length: count }, (_, n) => n));
    expect(seen.length).toBeLessThan(count + lives); // nothing comes again but what was in hand
    expect(middle.restarts).toBeGreaterThan(5);
  },
);

it.each<Overflow>(['block', 'dropOldest', 'latest'])('a slab is never mixed of two (%s)', async overflow => {
  system = await startSystem({ seed: 1 });
  const from = await system.spawn(printer, {});
  const to = await system.spawn(proofreader, {});
  system.link(from.outputs.slabs, to.inputs.slabs, { overflow, depth: 3 });
  await from.call.print(100_000);
  await vi.waitFor(async () => expect((await to.call.seen()).last).toBe(100_000));
  const { slabs, mixed, disordered } = await to.call.seen();
  expect({ mixed, disordered }).toEqual({ mixed: 0, disordered: 0 });
  expect(slabs).toBeGreaterThan(overflow === 'block' ? 99_999 : 1000);
  const { sent, received, dropped } = system.links()[0];
  expect(received + dropped).toBe(sent);
});

it('memory stays flat over half a million messages', async () => {
  system = await startSystem({ seed: 1 });
  const sender = await system.spawn(source, {});
  const rss: number[] = [];
  const counted = firstValueFrom(
    sender.outputs.numbers.pipe(
      bufferTime(50),
      scan((sum, batch) => sum + batch.length, 0),
      filter(sum => sum >= 100_000 * (rss.length + 1) && rss.push(process.memoryUsage.rss()) >= 5),
    ),
  );
  await sender.call.sendBlocking(500_000);
  await counted;
  expect(rss[4]).toBeLessThan(rss[1] + 10 * 2 ** 20);
});
