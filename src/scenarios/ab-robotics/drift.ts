import { Random } from '../../core/random.ts';
import type { Calendar } from './calendar.ts';
import { days, robots, weeks } from './calendar.ts';
import type { Surroundings } from './contract.ts';

/** The world as it was set up. */
export const asSetUp: Surroundings = { friction: 0.5, tilt: 0.015, gain: 1, offset: 0.008 };

/**
 * Change of each part that lowers the logit of success by one, measured about `asSetUp` (test/scenarios/ab-robotics):
 * of the logarithm for friction and gain, rad for tilt, m for offset.
 */
export const perLogit = { friction: -1 / 3.7, gain: -1 / 3.65, tilt: 1 / 26, offset: 1 / 82 } as const;
const parts = ['friction', 'gain', 'tilt', 'offset'] as const;

/** How much the world moves, in logits of the success rate. */
export interface DriftOptions {
  /** Sd of a week's step, over all parts together. */
  readonly weekly: number;
  /** Half the swing between the best and the worst hour. */
  readonly daily: number;
  /** Lost to worn pads from the first trial to the last. */
  readonly wear: number;
  /** Sd of what comes and goes within a day. */
  readonly within: number;
  /** Of a bump against the bench, and of a new bulb: what each takes or gives. */
  readonly event: number;
  /** Sd between robots. */
  readonly robots: number;
  /** What the way back differs from the way there, half of it. */
  readonly ways: number;
}

/** As the method page has it; events, cycle and wear are ours. */
export const usualDrift: DriftOptions = {
  weekly: 0.15,
  daily: 0.1,
  wear: 0.2,
  within: 0.1,
  event: 0.25,
  robots: 0.1,
  ways: 0.25,
};
/** Nothing moves and nobody differs. */
export const noDrift: DriftOptions = {
  weekly: 0,
  daily: 0,
  wear: 0,
  within: 0,
  event: 0,
  robots: 0,
  ways: 0,
};

/** The world over all trials of a study; a pure function of the seed and the trial's place. It knows no arms. */
export interface Drift {
  /** By how many logits of the success rate each part of the world is better than as it was set up. */
  logits(index: number): Logits;
  surroundings(index: number): Surroundings;
}
/** Logits of the success rate, by part of the world. */
export type Logits = Readonly<Record<(typeof parts)[number], number>>;

/** Blocks of a day in which the weather of the room is constant. */
const blocks = 24;
/** Of one block with the next. */
const correlation = 0.8;

/** Makes the world of a study. */
export function makeDrift(seed: number, calendar: Calendar, options: DriftOptions = usualDrift): Drift {
  const stream = Random.fromSeed(seed).split('drift');
  const walks = parts.map(part => walkOf(stream.split(part), options.weekly / Math.sqrt(parts.length)));
  const weather = weatherOf(stream.split('weather'), options.within);
  const machines = robots.map((_, i) => options.robots * stream.split('robot', i).normal());
  const events = stream.split('events');
  // A bump tilts the bench for good; a new bulb moves what the camera sees.
  const bump = { day: days * events.uniform(0.2, 0.45), by: -options.event };
  const bulb = { day: days * events.uniform(0.55, 0.8), by: options.event };
  const logits = (index: number): Logits => {
    const { week, day, hour, robot } = calendar.slot(index);
    const share = (index + 0.5) / calendar.trials;
    const [friction, gain, tilt, offset] = walks.map(walk => walk[week]);
    const light = options.daily * Math.cos(2 * Math.PI * hour);
    const way = index % 2 === 0 ? options.ways : -options.ways;
    return {
      friction: friction - options.wear * share,
      gain: gain + way + machines[robot] + weather[day * blocks + Math.floor(hour * blocks)],
      tilt: tilt + (day >= bump.day ? bump.by : 0),
      offset: offset + light + (day >= bulb.day ? bulb.by : 0),
    };
  };
  return { logits, surroundings: index => moved(logits(index)) };
}

/** The world with each part better by so many logits. */
export function moved(logits: Logits): Surroundings {
  return {
    friction: asSetUp.friction * Math.exp(-logits.friction * perLogit.friction),
    gain: asSetUp.gain * Math.exp(-logits.gain * perLogit.gain),
    tilt: Math.max(0, asSetUp.tilt - logits.tilt * perLogit.tilt),
    offset: asSetUp.offset - logits.offset * perLogit.offset,
  };
}

/** How far, in logits, a part goes before somebody notices and turns it back. */
const noticed = 0.35;

/** A week's level each. The walk starts at 0, and is turned back where it would go too far. */
function walkOf(random: Random, step: number): Float64Array {
  const levels = new Float64Array(weeks);
  for (let week = 1; week < weeks; week++) {
    const next = levels[week - 1] + step * random.normal();
    levels[week] = Math.abs(next) <= noticed ? next : Math.sign(next) * 2 * noticed - next;
  }
  return levels;
}

/** An AR(1) within each day, begun anew every morning. */
function weatherOf(random: Random, sd: number): Float64Array {
  const levels = new Float64Array(days * blocks);
  for (let i = 0; i < levels.length; i++) {
    const fresh = sd * random.normal();
    levels[i] =
      i % blocks === 0
        ? fresh
        : correlation * levels[i - 1] + Math.sqrt(1 - correlation * correlation) * fresh;
  }
  return levels;
}
