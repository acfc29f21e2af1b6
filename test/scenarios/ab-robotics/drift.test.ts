import { describe, expect, it } from 'vitest';
import { days, makeCalendar, operators, robots, weeks } from '../../../src/scenarios/ab-robotics/calendar.ts';
import { asSetUp, makeDrift, noDrift, usualDrift } from '../../../src/scenarios/ab-robotics/drift.ts';
import { judgements } from '../../../src/scenarios/ab-robotics/scoring.ts';

const trials = 33_000;
const calendar = makeCalendar(2, trials);

describe('the calendar', () => {
  it('spreads trials over 154 days, both robots and three operators, whose shares change from week to week', () => {
    const byDay = new Array<number>(days).fill(0);
    const shares = Array.from({ length: weeks }, () => operators.map(() => 0));
    const byRobot = robots.map(() => 0);
    for (let i = 0; i < trials; i++) {
      const { day, week, operator, robot, hour } = calendar.slot(i);
      expect(week).toBe(Math.floor(day / 7));
      expect(hour >= 0 && hour < 1).toBe(true);
      byDay[day]++;
      shares[week][operator]++;
      byRobot[robot]++;
    }
    expect(Math.min(...byDay)).toBeGreaterThanOrEqual(214);
    expect(Math.max(...byDay)).toBeLessThanOrEqual(215);
    expect(byRobot).toEqual([trials / 2, trials / 2]);
    const first = shares.map(([one]) => one);
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(200);
  });

  it('puts the last trial into the last day, however few there are', () => {
    for (const few of [1, 10, 200]) {
      const slot = makeCalendar(2, few).slot(few - 1);
      expect(slot.day).toBeLessThan(days);
      expect(slot.operator).toBeLessThan(operators.length);
    }
  });
});

describe('the drift', () => {
  it('does not move where nothing is to move', () => {
    const still = makeDrift(2, calendar, noDrift);
    for (const i of [0, 16_000, trials - 1]) expect(still.surroundings(i)).toEqual(asSetUp);
  });

  it('is a function of seed and trial, and another one for another seed', () => {
    const drift = makeDrift(2, calendar);
    const again = makeDrift(2, calendar);
    for (const i of [trials - 1, 5, 20_000]) expect(again.surroundings(i)).toEqual(drift.surroundings(i));
    expect(makeDrift(3, calendar).surroundings(20_000)).not.toEqual(drift.surroundings(20_000));
  });

  it('steps from week to week by 0.15 logits over all parts', () => {
    const steps: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const walk = makeDrift(seed, calendar, { ...noDrift, weekly: usualDrift.weekly });
      const at = (week: number) => {
        const { friction, gain, tilt, offset } = walk.logits(Math.floor(((week + 0.5) / weeks) * trials));
        return friction + gain + tilt + offset;
      };
      for (let week = 1; week < weeks; week++) steps.push(at(week) - at(week - 1));
    }
    const sd = Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0) / steps.length);
    // 840 steps: the sd is known to 2.4 %.
    expect(sd).toBeGreaterThan(0.138);
    expect(sd).toBeLessThan(0.162);
  });

  it('treats the way there better than the way back, by half a logit', () => {
    const ways = makeDrift(2, calendar, { ...noDrift, ways: 0.25 });
    expect(ways.logits(0).gain - ways.logits(1).gain).toBeCloseTo(0.5, 12);
  });
});

describe('operators', () => {
  it('judge alike without a spread, and each in an own way with one', () => {
    expect(new Set(judgements(2, 0)).size).toBe(1);
    expect(new Set(judgements(2, 0.15)).size).toBe(operators.length);
  });
});
