import { expect, it } from 'vitest';
import { ManualClock } from '../../../src/core/clock.ts';
import { readAll } from '../../../src/learners/transformer-xl/judging.ts';

it('a judge of a long text shows that it is alive, lets messages in, and times the reading alone', async () => {
  const clock = new ManualClock();
  let beats = 0;
  let turned = 0;
  const heartbeat = () => {
    beats++;
    setImmediate(() => {
      turned++;
      clock.advance(1_000);
    });
  };
  const parts = Array.from({ length: 25 }, (_, i) => i);
  const read = async (part: number) => {
    clock.advance(2);
    return part < 5 ? undefined : { nats: 2 * Math.LN2, right: 1, counted: 2 };
  };
  const report = await readAll(parts, read, { attnLen: 3, memLen: 1 }, { clock, heartbeat });
  expect(report).toEqual({ bits: 1, accuracy: 0.5, tokens: 40, wallMs: 40, attnLen: 3, memLen: 1 });
  expect([beats, turned]).toEqual([2, 2]);
});
