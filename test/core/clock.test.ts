import { describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from '../../src/core/clock.ts';

describe('ManualClock', () => {
  it('fires what falls due, in order, at its own time', () => {
    const clock = new ManualClock();
    const fired: string[] = [];
    clock.after(20, () => fired.push(`b at ${clock.now()}`));
    clock.after(10, () => {
      fired.push(`a at ${clock.now()}`);
      clock.after(5, () => fired.push(`a2 at ${clock.now()}`));
    });
    clock.after(20, () => fired.push(`c at ${clock.now()}`));
    clock.advance(19);
    expect(fired).toEqual(['a at 10', 'a2 at 15']);
    clock.advance(1);
    expect(fired.slice(2)).toEqual(['b at 20', 'c at 20']);
    expect(clock.now()).toBe(20);
  });

  it('cancels', () => {
    const clock = new ManualClock();
    let fired = false;
    clock.after(1, () => {
      fired = true;
    })();
    clock.advance(10);
    expect(fired).toBe(false);
  });
});

describe('systemClock', () => {
  it('never runs backwards, and calls back', async () => {
    const start = systemClock.now();
    await new Promise<void>(resolve => systemClock.after(1, resolve));
    expect(systemClock.now()).toBeGreaterThan(start);
  });
});
