import { Random } from '../../core/random.ts';

/** A study of 22 weeks: five months. */
export const weeks = 22;
export const days = 7 * weeks;
export const robots = ['robot-1', 'robot-2'] as const;
export const operators = ['operator-1', 'operator-2', 'operator-3'] as const;

/** When and by whom a trial is made. It follows from the trial's place in the study alone, never from its arm. */
export interface Slot {
  /** From 0. */
  readonly week: number;
  /** Of the study, from 0. */
  readonly day: number;
  /** Of the day, in [0, 1). */
  readonly hour: number;
  readonly robot: number;
  readonly operator: number;
}

/**
 * Who works when: time is the count of trials, spread evenly over 22 weeks of seven days. Both robots work side by side,
 * two trials each in turn (there and back). A day is six shifts; in each one an operator minds each robot. Who has how
 * many shifts changes from week to week.
 */
export interface Calendar {
  readonly trials: number;
  slot(index: number): Slot;
}

const shiftsOfDay = 6;

/** @param seed of the study @param trials of the study */
export function makeCalendar(seed: number, trials: number): Calendar {
  const stream = Random.fromSeed(seed).split('shifts');
  const perDay = shiftsOfDay * robots.length;
  const plan = new Uint8Array(days * perDay);
  for (let week = 0; week < weeks; week++) {
    const random = stream.split(week);
    const weights = operators.map(() => random.uniform(0.5, 2));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let shift = 0; shift < 7 * perDay; shift++) {
      let left = random.uniform() * total;
      let operator = 0;
      while (operator < operators.length - 1 && left >= weights[operator]) left -= weights[operator++];
      plan[week * 7 * perDay + shift] = operator;
    }
  }
  return {
    trials,
    slot(index) {
      const at = ((index + 0.5) / trials) * days;
      const day = Math.floor(at);
      const hour = at - day;
      const robot = Math.floor(index / 2) % robots.length;
      const shift = Math.floor(hour * shiftsOfDay) * robots.length + robot;
      return { week: Math.floor(day / 7), day, hour, robot, operator: plan[day * perDay + shift] };
    },
  };
}
