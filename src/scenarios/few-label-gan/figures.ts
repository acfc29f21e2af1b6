import type { GanArm } from './cast.ts';
import type { MetricSanity } from './judge.ts';
import type { GanArmName } from './plans.ts';
import type { RotationProbeResult } from './rotation-probe.ts';

/** What a game came to. */
export interface GanFigures {
  /** At its last step. */
  readonly fid: number;
  /** By step: `at_2000`. */
  readonly fids: Readonly<Record<string, number>>;
  readonly kid: number;
  readonly conditionalAccuracy: number;
  readonly coverage: number;
  readonly precision: number;
  readonly recall: number;
  readonly neighbour: number;
}

/** How far the labels that were made can be trusted, and the judge. */
export interface GanResult {
  readonly arms: Readonly<Partial<Record<GanArmName, GanFigures>>>;
  readonly judge: MetricSanity;
  readonly labels: {
    /** Of the images whose labels were inferred: the share of right ones. */
    readonly inferred?: number;
    /** The share of images in a cluster mostly of their class. */
    readonly clusters?: number;
  };
  /** Steps of each game: bars are about games of a certain length. */
  readonly trained: number;
  /** Of Fashion-MNIST; nothing where it is not there, or was not asked for. */
  readonly probe: Omit<RotationProbeResult, 'skipped'>;
}

export function figuresOf({ reports }: GanArm): GanFigures {
  const last = reports[reports.length - 1];
  const { fid, kid, condAcc, coverage, precision, recall, neighbour } = last;
  return {
    fid,
    fids: Object.fromEntries(reports.map(report => [`at_${report.step}`, report.fid])),
    kid,
    conditionalAccuracy: condAcc,
    coverage,
    precision,
    recall,
    neighbour,
  };
}

/** An arm's figures; where it was not played, whoever asks is told so. */
export function armOf({ arms }: GanResult, name: GanArmName): GanFigures {
  const figures = arms[name];
  if (!figures) throw new Error(`arm ${name} was not played`);
  return figures;
}

/** FID of one arm by that of another, at the last step. */
export const fidRatio = (result: GanResult, a: GanArmName, b: GanArmName): number =>
  armOf(result, a).fid / armOf(result, b).fid;

/** One of the results by name. @throws where there is none */
export function only<R>(results: Readonly<Record<string, R>>, name: string): R {
  const result = results[name];
  if (result === undefined) throw new Error(`arm ${name}: no result`);
  return result;
}
