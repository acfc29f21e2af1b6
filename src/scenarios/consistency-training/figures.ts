import { type ArmPlan, allArms, pairedArms } from './arms.ts';
import type { ArmDone } from './cast.ts';

type ByArm = Readonly<Record<string, number>>;

/** What came of the arms that were played, by name. */
export type Played = Readonly<Record<string, ArmDone | undefined>>;

/** What a run says, by arm: only of those that were played. */
export interface ConsistencyFigures {
  /** Share of test samples that the average of the parameters puts in their class at the end; of mails, balanced. */
  readonly accuracy: ByArm;
  /** Share of unlabelled samples whose target counted, over the first report and over the last. */
  readonly keptAtFirst: ByArm;
  readonly keptAtEnd: ByArm;
  /** How long arms were trained: bars are about runs of a certain length. */
  readonly trained: { readonly images: number; readonly mails: number };
}

/** Share of test samples that are put in a wrong class at the end. */
export const errorOf = ({ verdicts }: ArmDone): number => verdicts[verdicts.length - 1].hard;

/** The figures of all arms that were played. */
export function figuresOf(played: Played, trained: ConsistencyFigures['trained']): ConsistencyFigures {
  const byArm = (arms: readonly ArmPlan[], of: (done: ArmDone) => number): ByArm =>
    Object.fromEntries(
      arms.flatMap(({ name }) => {
        const done = played[name];
        return done ? [[name, of(done)] as const] : [];
      }),
    );
  return {
    accuracy: byArm(allArms, done => 1 - errorOf(done)),
    keptAtFirst: byArm(pairedArms, ({ reports }) => reports[0].consistencyKept),
    keptAtEnd: byArm(pairedArms, ({ reports }) => reports[reports.length - 1].consistencyKept),
    trained,
  };
}

/** By how many points of accuracy one arm is ahead of another. NaN, which passes no bar, where one was not played. */
export const ahead = ({ accuracy }: ConsistencyFigures, one: string, other: string): number =>
  100 * ((accuracy[one] ?? Number.NaN) - (accuracy[other] ?? Number.NaN));
