import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { logit, type SimulatedWorld, worldMaker } from '../../../src/evaluation/simulate/drift.ts';

const arrays = (n: number) => ({ chance: new Float64Array(n), operator: new Uint8Array(n) });

function worldOf(world: SimulatedWorld, n: number, seed = 1) {
  const trials = arrays(n);
  worldMaker(world, trials)(Random.fromSeed(seed));
  return { logits: Array.from(trials.chance, logit), operators: [...trials.operator] };
}

describe('a simulated world', () => {
  it('stays where it is without effects', () => {
    const trials = arrays(5);
    worldMaker({ base: 0.8 }, trials)(Random.fromSeed(1));
    expect([...trials.chance]).toEqual([0.8, 0.8, 0.8, 0.8, 0.8]);
  });

  it('differs from even to odd trials by parity', () => {
    const { logits } = worldOf({ base: 0.8, parity: 0.25 }, 4);
    for (const [t, value] of logits.entries())
      expect(value).toBeCloseTo(logit(0.8) + (t % 2 ? -0.25 : 0.25), 12);
  });

  it('walks with steps of the deviation asked for, and only every so many trials', () => {
    const { logits } = worldOf({ base: 0.5, walk: 0.02 }, 20_001);
    const steps = logits.slice(1).map((value, i) => value - logits[i]);
    const sd = Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0) / steps.length);
    expect(sd).toBeGreaterThan(0.0195);
    expect(sd).toBeLessThan(0.0205);

    const weeks = worldOf({ base: 0.5, walk: 0.15, walkEvery: 10 }, 35).logits;
    expect(new Set(weeks.map(value => value.toFixed(9))).size).toBe(4);
    expect(weeks[9]).toBe(weeks[0]);
    expect(weeks[10]).not.toBe(weeks[9]);
  });

  it('moves by 5.8 points from start to end over 2000 steps of 0.01, as the reference does', () => {
    const trials = arrays(2000);
    const make = worldMaker({ base: 0.8, walk: 0.01 }, trials);
    let shift = 0;
    for (let i = 0; i < 2000; i++) {
      make(Random.fromSeed(2).split(i));
      shift += Math.abs(trials.chance[1999] - trials.chance[0]) / 2000;
    }
    expect(shift).toBeGreaterThan(0.055);
    expect(shift).toBeLessThan(0.061);
  });

  it('gives each session an effect of its own', () => {
    const { logits } = worldOf({ base: 0.5, sessions: { trials: 2, sd: 0.4 } }, 2 * 5000);
    for (let s = 0; s < 5000; s++) expect(logits[2 * s]).toBe(logits[2 * s + 1]);
    const sd = Math.sqrt(logits.reduce((sum, value) => sum + value * value, 0) / logits.length);
    expect(sd).toBeGreaterThan(0.38);
    expect(sd).toBeLessThan(0.42);
  });

  it('has operators in shifts, or drawn for each trial', () => {
    const offsets = [0, -0.5, 0.5];
    const shifts = worldOf({ base: 0.8, operators: { offsets, shift: 2 } }, 8);
    expect(shifts.operators).toEqual([0, 0, 1, 1, 2, 2, 0, 0]);
    for (const [t, value] of shifts.logits.entries())
      expect(value).toBeCloseTo(logit(0.8) + offsets[shifts.operators[t]], 12);

    const drawn = worldOf({ base: 0.8, operators: { offsets } }, 9000).operators;
    for (const k of [0, 1, 2])
      expect(Math.abs(drawn.filter(o => o === k).length - 3000)).toBeLessThan(5 * Math.sqrt(2000));
  });

  it('is the same for the same stream, whatever was made before', () => {
    const world: SimulatedWorld = {
      base: 0.8,
      walk: 0.03,
      parity: 0.1,
      sessions: { trials: 7, sd: 0.2 },
      operators: { offsets: [0, 0.3] },
    };
    const trials = arrays(100);
    const make = worldMaker(world, trials);
    make(Random.fromSeed(8));
    make(Random.fromSeed(9));
    expect({ logits: Array.from(trials.chance, logit), operators: [...trials.operator] }).toEqual(
      worldOf(world, 100, 9),
    );
  });

  it.each([
    [{ base: 1 }, 'world: base = 1: expected a chance between 0 and 1'],
    [{ base: 0.8, walk: -1 }, 'world: walk = -1: expected a standard deviation in logits, 0 or more'],
    [{ base: 0.8, walkEvery: 0 }, 'world: walkEvery = 0: expected a number of trials, 1 or more'],
    [{ base: 0.8, parity: NaN }, 'world: NaN: expected a finite number of logits'],
    [{ base: 0.8, operators: { offsets: [] } }, 'world: operators.offsets has 0 numbers: expected 1 to 255'],
  ])('refuses %j', (world, message) => {
    expect(() => worldMaker(world, arrays(1))).toThrow(message);
  });
});
