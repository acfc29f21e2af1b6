import type { ArmDone } from './cast.ts';

type ByArm = Readonly<Record<string, number>>;

/** What a run says, by arm. */
export interface ConsistencyFigures {
  /** Share of test samples that the average of the parameters puts in their class at the end; of mails, balanced. */
  readonly accuracy: ByArm;
  /** Share of unlabelled samples whose target counted, over the first report and over the last. */
  readonly keptAtFirst: ByArm;
  readonly keptAtEnd: ByArm;
}

/** The figures of all arms. */
export function figuresOf(arms: Readonly<Record<string, ArmDone>>): ConsistencyFigures {
  const byArm = (of: (done: ArmDone) => number, only: (done: ArmDone) => boolean): ByArm =>
    Object.fromEntries(
      Object.entries(arms).flatMap(([name, done]) => (only(done) ? [[name, of(done)] as const] : [])),
    );
  const all = () => true;
  const paired = ({ reports }: ArmDone) => reports.some(report => report.consistencyKept > 0);
  return {
    accuracy: byArm(({ verdicts }) => 1 - verdicts[verdicts.length - 1].hard, all),
    keptAtFirst: byArm(({ reports }) => reports[0].consistencyKept, paired),
    keptAtEnd: byArm(({ reports }) => reports[reports.length - 1].consistencyKept, paired),
  };
}

/** By how many points of accuracy one arm is ahead of another. NaN, which passes no bar, where one was not played. */
export const ahead = ({ accuracy }: ConsistencyFigures, one: string, other: string): number =>
  100 * ((accuracy[one] ?? Number.NaN) - (accuracy[other] ?? Number.NaN));
