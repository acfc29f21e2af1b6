import type { Figures, LearningMethod } from '../../actors/learner.ts';
import type { Trajectory } from '../../actors/trajectory.ts';
import { asError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { type ExperienceShape, makeRound } from './experience.ts';
import { Findings, type LearnerReport, type LearnerRule } from './rules.ts';

/** What `checkLearner` makes up experience for (the policy, and the shape of a round), and what it leaves out. */
export interface CheckLearnerOptions extends ExperienceShape {
  /** Rules that do not apply. */
  readonly except?: readonly LearnerRule[];
  /** Default 1. */
  readonly seed?: number;
}

/** Makes the method to check, anew at each call, with the random stream that its actor would give it. */
export type MakeLearner = (random: Random) => LearningMethod | Promise<LearningMethod>;

/**
 * Holds a learning method to what the learner shell, checkpoints and restarts rely on, with made-up experience.
 *
 * ```ts
 * const report = await checkLearner(random => createMine(config, random), { policy, workers: 1, count: 4, steps: 16 });
 * if (!report.passed) throw new Error(describeLearnerReport(report));
 * ```
 */
export async function checkLearner(make: MakeLearner, options: CheckLearnerOptions): Promise<LearnerReport> {
  const findings = new Findings(options.except);
  try {
    await examine(make, options, findings);
  } catch (thrown) {
    findings.add('learns', asError(thrown).message.split('\n')[0]);
  }
  return { passed: findings.list.length === 0, findings: findings.list };
}

async function examine(make: MakeLearner, options: CheckLearnerOptions, findings: Findings): Promise<void> {
  const { seed = 1, policy } = options;
  const { size } = policy;
  const open: LearningMethod[] = [];
  const begin = async (streamSeed = seed) => {
    const method = await make(Random.fromSeed(streamSeed));
    open.push(method);
    return method;
  };
  try {
    const method = await begin();
    const initial = parametersOf(method, size, findings);
    const rounds: Trajectory[][] = [];
    for (const index of [0, 1]) {
      const made = await makeRound(options, initial, index, Random.fromSeed(seed).split('experience'));
      findings.add('parametersFit', made.wrongAction);
      rounds.push(made.round);
    }

    const first = await learn(method, rounds[0], 0, findings);
    const learnt = parametersOf(method, size, findings);
    const statistics = method.statistics?.() ?? {};
    if (same(initial, learnt)) findings.add('learns', 'the parameters are what they were');
    const snapshot = plainCopy(method.snapshot(), findings);
    const second = await learn(method, rounds[1], 0.5, findings);
    const final = parametersOf(method, size, findings);

    const again = await begin();
    findings.add('repeats', differing(first, await learn(again, rounds[0], 0, findings)));
    findings.add('repeats', apart(learnt, parametersOf(again, size, findings)));

    if (snapshot !== undefined) {
      const restored = await begin(seed + 1);
      restored.restore(snapshot);
      findings.add('snapshotExact', apart(learnt, parametersOf(restored, size, findings)));
      findings.add('snapshotExact', differing(second, await learn(restored, rounds[1], 0.5, findings)));
      findings.add('snapshotExact', apart(final, parametersOf(restored, size, findings)));
    }

    const other = await begin(seed + 2);
    if (same(initial, parametersOf(other, size, findings)))
      findings.add('seedMatters', 'the initial parameters are the same');
    other.takeParameters(learnt.slice(), statistics);
    findings.add('takes', apart(learnt, parametersOf(other, size, findings)));
    findings.add('takes', differing(statistics, other.statistics?.() ?? {}));
    findings.add('refuses', taken(other, size));
  } finally {
    for (const method of open) method.dispose();
  }
}

async function learn(method: LearningMethod, round: Trajectory[], progress: number, findings: Findings) {
  const before = structuredClone(round);
  const figures = await method.learn(round, progress);
  for (const [name, value] of Object.entries(figures)) {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) findings.add('figures', `a figure named ${name}`);
    if (!Number.isFinite(value)) findings.add('figures', `${name} = ${value}`);
  }
  for (const [worker, trajectory] of round.entries()) {
    for (const [name, column] of Object.entries(trajectory)) {
      if (!same(column, before[worker][name as keyof Trajectory]))
        findings.add('roundUntouched', `${name} of worker ${worker} has changed`);
    }
  }
  return figures;
}

function parametersOf(method: LearningMethod, size: number, findings: Findings): Float32Array {
  const out = new Float32Array(size).fill(Number.NaN);
  try {
    method.writeParameters(out);
  } catch (thrown) {
    findings.add('parametersWhole', asError(thrown).message);
  }
  const missing = out.findIndex(value => !Number.isFinite(value));
  if (missing >= 0) findings.add('parametersWhole', `parameter ${missing} of ${size} = ${out[missing]}`);
  return out;
}

function plainCopy(snapshot: Snapshot, findings: Findings): Snapshot | undefined {
  try {
    return structuredClone(snapshot);
  } catch (thrown) {
    findings.add('snapshotPlain', asError(thrown).message);
    return undefined;
  }
}

function taken(method: LearningMethod, size: number): string | undefined {
  try {
    method.takeParameters(new Float32Array(size + 1));
  } catch (thrown) {
    const { message } = asError(thrown);
    return message.includes('\n') ? `an error of several lines: ${message.split('\n')[0]} …` : undefined;
  }
  return `${size + 1} parameters were taken, where there are ${size}`;
}

type Column = Float32Array | Int32Array | Uint8Array;

/** Equal bit for bit, NaN included. */
const same = (x: Column, y: Column): boolean =>
  x.length === y.length && x.every((value, i) => Object.is(value, y[i]));

function apart(x: Float32Array, y: Float32Array): string | undefined {
  const at = x.findIndex((value, i) => !Object.is(value, y[i]));
  return at < 0 ? undefined : `parameter ${at}: ${x[at]} once, ${y[at]} then`;
}

function differing(x: Figures, y: Figures): string | undefined {
  const name = [...new Set([...Object.keys(x), ...Object.keys(y)])].find(key => !Object.is(x[key], y[key]));
  return name === undefined ? undefined : `${name}: ${x[name]} once, ${y[name]} then`;
}
