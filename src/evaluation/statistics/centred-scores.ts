import { chance, datum, finite, nonNegative, positive, whole, wrong } from '../inputs.ts';
import { notEstimable } from './estimates.ts';
import { confidenceSequence, type Sequence, type SequenceOptions } from './sequential.ts';

/** How scores are centred. */
export interface CentringOptions {
  /** Share of the past's weight that is kept at each unit, above 0 and at most 1. Default 0.993. */
  readonly discount?: number | undefined;
  /**
   * What the mean starts from, as if so many outcomes (`weight`) had had it. Default: 0.5 of 2, for binary
   * outcomes. `first`: the first unit sets the mean and is not scored, for outcomes of any scale.
   */
  readonly start?: { readonly mean: number; readonly weight: number } | 'first' | undefined;
  /** Chance that a unit is given the arm rather than the baseline, where `push` is told none. Default 0.5. */
  readonly probability?: number | undefined;
}

/** Where centring stands. */
export interface CentringState {
  readonly centre: number;
  readonly weight: number;
}

/** The discounted mean of all outcomes so far, of both arms: what the next outcome is measured from. */
export class Centring {
  readonly #discount: number;
  readonly #probability: number;
  #centre: number;
  #weight: number;

  constructor(options: CentringOptions = {}) {
    this.#discount = positive('discount', options.discount ?? 0.993);
    if (this.#discount > 1) throw wrong('discount', this.#discount, 'at most 1');
    this.#probability = chance('probability', options.probability ?? 0.5);
    const start = options.start ?? { mean: 0.5, weight: 2 };
    this.#centre = start === 'first' ? 0 : datum('start.mean', start.mean);
    this.#weight = start === 'first' ? 0 : positive('start.weight', start.weight);
  }

  get state(): CentringState {
    return { centre: this.#centre, weight: this.#weight };
  }
  set state(state: CentringState) {
    this.#centre = datum('state.centre', state.centre);
    this.#weight = nonNegative('state.weight', state.weight);
  }

  /** The mean so far; undefined before the first unit where no start was given. */
  get mean(): number | undefined {
    return this.#weight > 0 ? this.#centre : undefined;
  }

  /**
   * The unit's score, measured from the units before it. Undefined for a first unit that only sets the mean.
   * @param probability chance with which this unit would be given the arm, known before it was drawn
   */
  push(isArm: boolean, y: number, probability: number = this.#probability): number | undefined {
    datum('y', y);
    chance('probability', probability);
    const mean = this.mean;
    this.#weight = this.#discount * this.#weight + 1;
    // Not from a sum of outcomes: where all are the same, the mean has to stay the same to the bit.
    this.#centre += (y - this.#centre) / this.#weight;
    if (mean === undefined) return undefined;
    return isArm ? (y - mean) / probability : (mean - y) / (1 - probability);
  }
}

/** Scores before the first interval: with fewer, the variance may still be small by chance. */
const leastScores = 10;

/** All that `CentredScores` remembers: plain numbers, to be written to a file and put back. */
export interface CentredScoresState extends CentringState {
  readonly n: number;
  readonly mean: number;
  /** Sum of the squared differences from the mean. */
  readonly squares: number;
  /** Sum of the variances that the coins alone give the scores. */
  readonly coins: number;
}

/**
 * Level 2 of the always-valid inference: centred inverse-probability scores. With s = +1 for the arm, -1
 * for the baseline at even chances, φ = 2 s (y - m), where m is a function of the past alone (a discounted
 * mean of the outcomes). In general φ = (y - m)/π for the arm and -(y - m)/(1 - π) for the baseline, π the
 * chance of the arm.
 *
 * Given the past, φ has the unit's own effect as its expectation whatever the world does and however it
 * drifts, because only the coin is random. So the mean of φ estimates the mean effect over the units so far,
 * and the confidence sequence of level 1 about it holds under any drift (Waudby-Smith et al. on martingale
 * dependence, see `mixtureRho`). Its standard error is the larger of the scores' own and that which the coins
 * alone give them. Outcomes may be any finite numbers: a success, a return, the mean over a session that was
 * assigned as one.
 *
 * Assumes: each unit's coin is drawn apart from its outcome and from the past; outcomes without very heavy
 * tails. Nothing is concluded before ten units.
 */
export class CentredScores {
  readonly #centring: Centring;
  readonly #probability: number;
  #n = 0;
  #mean = 0;
  #squares = 0;
  #coins = 0;

  constructor(options: CentringOptions = {}) {
    this.#centring = new Centring(options);
    this.#probability = options.probability ?? 0.5;
  }

  /** Where it stands; assign it to go on from there. */
  get state(): CentredScoresState {
    return {
      ...this.#centring.state,
      n: this.#n,
      mean: this.#mean,
      squares: this.#squares,
      coins: this.#coins,
    };
  }
  set state(state: CentredScoresState) {
    this.#centring.state = state;
    this.#n = whole('state.n', state.n);
    this.#mean = finite('state.mean', state.mean);
    this.#squares = finite('state.squares', state.squares);
    this.#coins = finite('state.coins', state.coins);
  }

  /** Units scored. */
  get n(): number {
    return this.#n;
  }

  /**
   * Takes the next unit in, in the order of assignment. @returns φ; 0 for a first unit that
   * only sets the mean
   * @param probability chance with which this unit would be given the arm; default that of the options
   */
  push(isArm: boolean, y: number, probability: number = this.#probability): number {
    const score = this.#centring.push(isArm, y, probability);
    if (score === undefined) return 0;
    // Welford's update: no large sums are subtracted from each other.
    this.#n++;
    const before = score - this.#mean;
    this.#mean += before / this.#n;
    this.#squares += before * (score - this.#mean);
    const odds = probability / (1 - probability);
    this.#coins += score * score * (isArm ? odds : 1 / odds);
    return score;
  }

  /**
   * The mean effect (arm - baseline) over the units so far with its confidence sequence and always-valid p.
   */
  sequence(options: SequenceOptions): Sequence {
    if (this.#n < leastScores) {
      const reason = `there are fewer than ${leastScores} units`;
      return { estimate: notEstimable(reason), p: undefined };
    }
    // Without an effect, a score has variance (y - m)²/(π(1 - π)), whichever arm was drawn. The scores' own
    // spread alone goes with their mean where outcomes are skewed and chances uneven: 8 % false alarms at π =
    // 0.2 and 95 % successes.
    const variance = Math.max(this.#squares / (this.#n - 1), this.#coins / this.#n);
    const standardError = Math.sqrt(variance / this.#n);
    return confidenceSequence({ value: this.#mean, standardError, n: this.#n }, options);
  }
}
