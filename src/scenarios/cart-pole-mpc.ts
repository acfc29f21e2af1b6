import { openArms } from './arms/index.ts';
import { armsOf } from './cart-pole-mpc/arms.ts';
import { decisionsOf, playArm } from './cart-pole-mpc/cast.ts';
import { writeMpcExhibits } from './cart-pole-mpc/exhibits.ts';
import { figuresOf, isFull, type MpcResult } from './cart-pole-mpc/figures.ts';
import { options } from './cart-pole-mpc/options.ts';
import { type Check, scenario } from './contract.ts';

interface Result extends MpcResult {
  /** 1 where the run is as large as the bars of a full one are meant for. */
  readonly full: number;
}

const returnOf = (name: string) => (result: Result) => result.arms[name]?.return ?? Number.NaN;
const difference = (a: string, b: string) => (result: Result) => returnOf(a)(result) - returnOf(b)(result);

/** A bar on the median over seeds, of full runs or of short ones. */
function bar(
  name: string,
  value: (result: Result) => number,
  limits: Pick<Check<Result>, 'atLeast' | 'atMost' | 'unit'>,
  held: 'full' | 'short' | 'both' = 'full',
): Check<Result> {
  return {
    name: held === 'short' ? `short: ${name}` : name,
    applies: result =>
      !Number.isNaN(value(result)) && (held === 'both' || (held === 'full') === (result.full === 1)),
    value,
    ...limits,
    over: 'median',
  };
}

/** Model predictive control of the swing-up: the simulator itself is the model, many copies of it in one world. */
export default scenario({
  name: 'cart-pole-mpc',
  summary: 'CEM, MPPI and random shooting swing a pole up by planning in the true simulator.',
  options,
  smoke: {
    candidates: 40,
    iterations: 3,
    elites: 5,
    episodes: 1,
    steps: 150,
    sweepCandidates: [],
    sweepHorizons: [],
  },
  async play(stage): Promise<Result> {
    const { options, record, folder } = stage;
    const arms = armsOf(options);
    const decisions = decisionsOf(options);
    const lanes = await openArms(stage, { steps: arms.length * decisions });
    try {
      const played = await lanes.play(
        arms.map(arm => ({
          name: arm.name,
          steps: decisions,
          play: lane => playArm(lane, arm, options, arm.name === 'cem'),
        })),
      );
      const { film } = played['cem'];
      if (film) record.film(film);
      writeMpcExhibits(folder, arms, played, options);
      return { ...figuresOf(arms, played, options), full: isFull(options) ? 1 : 0 };
    } finally {
      await lanes.close();
    }
  },
  checks: [
    bar('CEM, return', returnOf('cem'), { atLeast: 750, unit: 'of 1000' }),
    bar('MPPI, return', returnOf('mppi'), { atLeast: 690, unit: 'of 1000' }),
    bar('random shooting, return', returnOf('shooting'), { atLeast: 600, unit: 'of 1000' }),
    bar('CEM over random actions', difference('cem', 'random'), { atLeast: 650 }),
    bar('CEM over random shooting', difference('cem', 'shooting'), { atLeast: 20 }),
    bar('a horizon of 12 over one of 8', difference('cem', 'horizon8'), { atLeast: 150 }),
    bar('control: one candidate, normalised', r => r.arms['oneCandidate'].normalised, { atMost: 0.2 }),
    bar('control: noise for scores, normalised', r => r.arms['noiseScores'].normalised, { atMost: 0.1 }),
    bar('CEM over random actions', difference('cem', 'random'), { atLeast: 200 }, 'short'),
    bar(
      'control: noise for scores, normalised',
      r => r.arms['noiseScores'].normalised,
      { atMost: 0.2 },
      'short',
    ),
    bar('planners’ steps in the simulator are all counted', r => r.stepsCounted, { atLeast: 1 }, 'both'),
    bar(
      'control: simulator steps of the planner with noise for scores',
      r => r.arms['noiseScores'].worldSteps,
      { atMost: 0 },
      'both',
    ),
  ],
});
