import { finite, positive, whole, wrong } from '../inputs.ts';
import { Centring, type CentringOptions, type CentringState } from './centred-scores.ts';

/** How an e-process bets. */
export interface EProcessOptions extends Omit<CentringOptions, 'start'> {
  /** What is bet on: that the arm's outcomes are higher, lower, or either. Default `two-sided`. */
  readonly alternative?: 'two-sided' | 'greater' | 'less' | undefined;
  /**
   * `adaptive` (default): Σφ/(1 + Σφ²) of the past, the bet that would have grown most. A number in (0,
   * 0.25]: always that. Both as at even chances; where the arm has chance π, they are made smaller by 2
   * min(π, 1 - π).
   */
  readonly bet?: 'adaptive' | number | undefined;
  /** The lowest and the highest outcome that can be. Default [0, 1], which holds binary outcomes. */
  readonly bounds?: readonly [low: number, high: number] | undefined;
}

/** All that an `EProcess` remembers: plain numbers, to be written to a file and put back. */
export interface EProcessState extends CentringState {
  readonly n: number;
  /** Σφ and Σφ². */
  readonly scores: number;
  readonly squares: number;
  /** ln of what the bets on higher and on lower have grown to. */
  readonly logGreater: number;
  readonly logLess: number;
  /** ln of the largest value so far. */
  readonly logMaximum: number;
}

const largestBet = 0.25;

/**
 * Level 3 of the always-valid inference: a betting e-process, E = Π (1 + λ φ) over the centred scores φ of
 * `CentredScores` with bets λ known before the unit, |λ φ| ≤ 1/2. Two-sided: the mean of a process that bets
 * on higher and one on lower. Waudby-Smith, Ramdas: "Estimating means of bounded random variables by betting"
 * (JRSS B 2024); Ramdas, Grünwald, Vovk, Shafer: "Game-theoretic statistics and safe anytime-valid inference"
 * (Statistical Science 2023).
 *
 * Without effect on any unit, E is a fair game whatever the world does: by Ville's inequality it reaches 1/α
 * with probability α at most, ever, at any number of units: nothing here is asymptotic. One-sided it holds as
 * well where the effect of every unit is 0 or lies on the other side.
 *
 * Assumes: each unit's coin is drawn apart from its outcome and from the past; outcomes within the bounds. A
 * two-sided bet may find an effect that comes and goes, even where the mean effect is 0.
 */
export class EProcess {
  readonly #centring: Centring;
  readonly #probability: number;
  readonly #alternative: 'two-sided' | 'greater' | 'less';
  readonly #bet: 'adaptive' | number;
  readonly #low: number;
  readonly #range: number;
  #n = 0;
  #scores = 0;
  #squares = 0;
  #logGreater = 0;
  #logLess = 0;
  #logMaximum = 0;

  constructor(options: EProcessOptions = {}) {
    this.#centring = new Centring({ discount: options.discount, probability: options.probability });
    this.#probability = options.probability ?? 0.5;
    this.#alternative = options.alternative ?? 'two-sided';
    this.#bet = options.bet ?? 'adaptive';
    if (this.#bet !== 'adaptive' && positive('bet', this.#bet) > largestBet) {
      throw wrong('bet', this.#bet, `at most ${largestBet}`);
    }
    const [low, high] = options.bounds ?? [0, 1];
    this.#low = finite('bounds.low', low);
    this.#range = finite('bounds.high', high) - low;
    if (!(this.#range > 0 && Number.isFinite(this.#range))) {
      throw wrong('bounds', [low, high], 'the lowest outcome, then a higher one');
    }
  }

  /** Where it stands; assign it to go on from there. */
  get state(): EProcessState {
    return {
      ...this.#centring.state,
      n: this.#n,
      scores: this.#scores,
      squares: this.#squares,
      logGreater: this.#logGreater,
      logLess: this.#logLess,
      logMaximum: this.#logMaximum,
    };
  }
  set state(state: EProcessState) {
    this.#centring.state = state;
    this.#n = whole('state.n', state.n);
    this.#scores = finite('state.scores', state.scores);
    this.#squares = finite('state.squares', state.squares);
    this.#logGreater = finite('state.logGreater', state.logGreater);
    this.#logLess = finite('state.logLess', state.logLess);
    this.#logMaximum = finite('state.logMaximum', state.logMaximum);
  }

  /** Units taken in. */
  get n(): number {
    return this.#n;
  }

  /** ln E: never too large for a number. */
  get logValue(): number {
    if (this.#alternative === 'greater') return this.#logGreater;
    if (this.#alternative === 'less') return this.#logLess;
    return logMean(this.#logGreater, this.#logLess);
  }

  /** E, or the largest number where it is larger. Evidence of 1/α rejects at α. */
  get value(): number {
    return Math.min(Number.MAX_VALUE, Math.exp(this.logValue));
  }

  /** Of no effect, valid at any unit: min(1, 1/max E). In (0, 1]. */
  get p(): number {
    return Math.max(Number.MIN_VALUE, Math.exp(-this.#logMaximum));
  }

  /**
   * Takes the next unit in, in the order of assignment. @returns its score φ, of the outcome scaled to [0, 1]
   * @param y within the bounds
   * @param probability chance with which this unit would be given the arm; default that of the options
   */
  push(isArm: boolean, y: number, probability: number = this.#probability): number {
    const scaled = (finite('y', y) - this.#low) / this.#range;
    if (!(scaled >= 0 && scaled <= 1)) {
      throw wrong('y', y, `an outcome from ${this.#low} to ${this.#low + this.#range}`);
    }
    const score = this.#centring.push(isArm, scaled, probability) ?? 0;
    const limit = largestBet * 2 * Math.min(probability, 1 - probability);
    if (this.#bet === 'adaptive') {
      const bet = this.#scores / (1 + this.#squares);
      this.#logGreater += Math.log1p(Math.min(limit, Math.max(0, bet)) * score);
      this.#logLess += Math.log1p(Math.max(-limit, Math.min(0, bet)) * score);
    } else {
      const bet = (this.#bet / largestBet) * limit;
      this.#logGreater += Math.log1p(bet * score);
      this.#logLess += Math.log1p(-bet * score);
    }
    this.#n++;
    this.#scores += score;
    this.#squares += score * score;
    this.#logMaximum = Math.max(this.#logMaximum, this.logValue);
    return score;
  }
}

/** ln of the mean of two numbers that are given by their ln. */
function logMean(a: number, b: number): number {
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))) - Math.LN2;
}
