import type { Check } from '../contract.ts';
import { bitsName, fasterBy, type LongContextFigures } from './figures.ts';

type LongContextCheck = Check<LongContextFigures>;
type Bars = Pick<LongContextCheck, 'atLeast' | 'atMost' | 'unit' | 'over'>;

/** Gradient steps of a language model from which on a run is as long as those that the bars were set by. */
export const wholeSteps = 1_500;
/** The same of the recall task. */
export const recallSteps = 300;

const check = (
  name: string,
  value: (figures: LongContextFigures) => number | undefined,
  bars: Bars,
  held: (figures: LongContextFigures) => boolean = () => true,
): LongContextCheck => ({
  name,
  applies: figures => held(figures) && value(figures) !== undefined,
  value: figures => value(figures) ?? Number.NaN,
  ...bars,
});

const isWhole = ({ trained }: LongContextFigures): boolean => trained.steps >= wholeSteps;
const isMobyDick = ({ trained }: LongContextFigures): boolean => trained.mobyDick === 1;
const recallIsWhole = ({ trained }: LongContextFigures): boolean => trained.recallSteps >= recallSteps;

/** Bits a character of one reading over those of another. */
function more(
  name: string,
  one: Parameters<typeof bitsName>,
  other: Parameters<typeof bitsName>,
  bars: Bars,
): LongContextCheck {
  const over = ({ bits }: LongContextFigures): number | undefined => {
    const [a, b] = [bits[bitsName(...one)], bits[bitsName(...other)]];
    return a === undefined || b === undefined ? undefined : a - b;
  };
  return check(
    name,
    over,
    { ...bars, unit: 'bits', over: 'median' },
    figures => isWhole(figures) && isMobyDick(figures),
  );
}

/** How much is known again of what stands so many segments back, where the memory reaches as far. */
const recall = (name: string, net: 'xl' | 'vanilla', segments: number, bars: Bars): LongContextCheck =>
  check(
    name,
    ({ recall, trained }) => recall[net][segments * trained.segment],
    { ...bars, over: 'median' },
    figures => recallIsWhole(figures) && segments * figures.trained.segment <= figures.trained.memory,
  );

const yes = (name: string, figure: string): LongContextCheck =>
  check(`${name} (1: yes)`, ({ faster }) => faster[figure], { atLeast: 1, over: 'median' });

const learnt = ['xl', 'memory'] as const;

/** The bars, for Moby-Dick by characters: over the median of three seeds, where chance has a part. */
export const checks: readonly LongContextCheck[] = [
  recall('recall two segments back: Transformer-XL', 'xl', 2, { atLeast: 0.95 }),
  recall('recall three segments back: Transformer-XL', 'xl', 3, { atLeast: 0.95 }),
  recall('control: recall two segments back, without memory', 'vanilla', 2, { atMost: 0.2 }),
  recall('control: recall three segments back, without memory', 'vanilla', 3, { atMost: 0.2 }),
  more('vanilla by segments, over Transformer-XL', ['vanilla', 'segments'], [...learnt], { atLeast: 0.05 }),
  more('vanilla by a sliding window, over Transformer-XL', ['vanilla', 'sliding'], [...learnt], {
    atLeast: 0.02,
  }),
  more('a memory twice as long as in training, over that', ['xl', 'double'], [...learnt], { atMost: 0.02 }),
  more('control: memory shuffled across lanes, over its own', ['xl', 'shuffled'], [...learnt], {
    atLeast: 0.1,
  }),
  more('control: memory off, over on', ['xl', 'off'], [...learnt], { atLeast: 0.1 }),
  yes(`${fasterBy[64]} times faster than a sliding window at 64`, 'at64'),
  yes(`${fasterBy[128]} times faster than a sliding window at 128`, 'at128'),
  yes('the longer attention is, the more times faster', 'increases'),
  check('segments of 8, of 16 or one: logits differ by', ({ probed }) => probed.segmentation, {
    atMost: 1e-4,
  }),
  // Weights that hardly learnt may be so small that all logits are alike.
  check(
    'control: without memory they differ by',
    ({ probed }) => probed.forgetting,
    { atLeast: 0.1, over: 'median' },
    figures => isWhole(figures) && recallIsWhole(figures),
  ),
  check('gradient with respect to the memory', ({ probed }) => probed.memoryGradient, { atMost: 0 }),
];
