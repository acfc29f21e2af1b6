import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';

/**
 * A world whose chance of success moves while nobody changes anything. Its effects add up on the logit scale:
 *
 *     logit(p_t) = logit(base) + walk + parity + session + operator
 *
 * It knows nothing of arms: what an arm changes is said beside it (`Study.effects`).
 */
export interface SimulatedWorld {
  /** Chance of success where nothing else counts, in (0, 1). */
  readonly base: number;
  /** Standard deviation of the random walk's step, in logits. */
  readonly walk?: number | undefined;
  /** Trials from one step of the walk to the next; 1 unless told. */
  readonly walkEvery?: number | undefined;
  /** Added to the logit of even trials (0, 2, …) and taken from that of odd ones. */
  readonly parity?: number | undefined;
  /** Sessions (or days) of so many trials, each with an effect of its own: normal, with this deviation in logits. */
  readonly sessions?: { readonly trials: number; readonly sd: number } | undefined;
  /** Who attends (or scores) a trial. `offsets`: what each adds to the logit. */
  readonly operators?:
    | {
        readonly offsets: readonly number[];
        /** Trials of a shift, after which the next one takes over. Without it each trial draws its operator. */
        readonly shift?: number | undefined;
      }
    | undefined;
}

/** ln(p / (1 - p)). @param p between 0 and 1 */
export const logit = (p: number): number => Math.log(p / (1 - p));

/** What a world holds for each trial of an experiment; written over by the next. */
export interface WorldTrials {
  /** The baseline's chance of success. */
  readonly chance: Float64Array;
  /** Number of the trial's operator; all 0 without operators. */
  readonly operator: Uint8Array;
}

/**
 * Makes a function that fills `trials` with a new world, all of its chance from `random`.
 * @throws a usage error for a number that makes no sense
 */
export function worldMaker(world: SimulatedWorld, trials: WorldTrials): (random: Random) => void {
  checkWorld(world);
  const { base, walk = 0, walkEvery = 1, parity = 0, sessions, operators } = world;
  const { chance, operator } = trials;
  const n = chance.length;
  const steps = walk > 0 ? Math.ceil(n / walkEvery) : 0;
  const effects = sessions && sessions.sd > 0 ? Math.ceil(n / sessions.trials) : 0;
  const normals = new Float64Array(steps + effects);
  const words = new Uint32Array(n);
  const moves = steps > 0 || effects > 0 || parity !== 0 || (operators?.offsets.some(o => o !== 0) ?? false);
  chance.fill(base);

  return random => {
    if (operators) placeOperators(operators, operator, words, random);
    if (!moves) return;
    random.fillNormal(normals);
    const start = logit(base);
    let walked = 0;
    for (let t = 0, inStep = 0, step = 0; t < n; t++) {
      if (steps > 0 && inStep === 0) walked += walk * normals[step++];
      if (++inStep === walkEvery) inStep = 0;
      chance[t] = start + walked;
    }
    if (effects > 0 && sessions) {
      for (let t = 0; t < n; t++) chance[t] += sessions.sd * normals[steps + Math.floor(t / sessions.trials)];
    }
    if (parity !== 0) for (let t = 0; t < n; t++) chance[t] += t % 2 === 0 ? parity : -parity;
    if (operators) for (let t = 0; t < n; t++) chance[t] += operators.offsets[operator[t]];
    for (let t = 0; t < n; t++) chance[t] = 1 / (1 + Math.exp(-chance[t]));
  };
}

function placeOperators(
  { offsets, shift }: NonNullable<SimulatedWorld['operators']>,
  operator: Uint8Array,
  words: Uint32Array,
  random: Random,
): void {
  const n = operator.length;
  if (shift !== undefined) {
    for (let t = 0; t < n; t++) operator[t] = Math.floor(t / shift) % offsets.length;
    return;
  }
  random.fillUint32(words, n);
  for (let t = 0; t < n; t++) operator[t] = words[t] * 2 ** -32 * offsets.length;
}

function checkWorld({ base, walk, walkEvery, parity, sessions, operators }: SimulatedWorld): void {
  if (!(base > 0 && base < 1)) throw usageError(`world: base = ${base}: expected a chance between 0 and 1`);
  for (const [name, value] of [
    ['walk', walk],
    ['sessions.sd', sessions?.sd],
  ] as const) {
    if (value !== undefined && !(value >= 0 && value < Infinity))
      throw usageError(`world: ${name} = ${value}: expected a standard deviation in logits, 0 or more`);
  }
  for (const [name, value] of [
    ['walkEvery', walkEvery],
    ['sessions.trials', sessions?.trials],
    ['operators.shift', operators?.shift],
  ] as const) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      throw usageError(`world: ${name} = ${value}: expected a number of trials, 1 or more`);
  }
  for (const value of [parity ?? 0, ...(operators?.offsets ?? [])]) {
    if (!Number.isFinite(value)) throw usageError(`world: ${value}: expected a finite number of logits`);
  }
  const people = operators?.offsets.length ?? 1;
  if (people < 1 || people > 255)
    throw usageError(`world: operators.offsets has ${people} numbers: expected 1 to 255`);
}
