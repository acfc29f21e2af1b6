import type { Random } from '../../core/random.ts';
import {
  CentredScores,
  confidenceSequence,
  difference,
  EProcess,
  pooledTest,
} from '../../evaluation/statistics/index.ts';
import type { Columns } from './columns.ts';
import type { PeekingRow } from './contract.ts';

/** Looks of those who do not look after every trial. */
const looks = 20;

/**
 * Four ways to look while it runs. Each experiment takes a stretch of the study's trials, one after the other as the world
 * drifted, and draws their arms anew: nothing differs, so who stops has found what is not there.
 * @param length trials of an experiment
 */
export function peekingRows(
  columns: Columns,
  { experiments, length }: { readonly experiments: number; readonly length: number },
  random: Random,
  beat: () => void,
): PeekingRow[] {
  const stops = { z: 0, sequence: 0, scores: 0, betting: 0 };
  const size = Math.min(length, columns.n);
  for (let e = 0; e < experiments; e++) {
    if (e % 20 === 0) beat();
    const stopped = lookAt(columns, size, random.split(e));
    for (const name of ['z', 'sequence', 'scores', 'betting'] as const) if (stopped[name]) stops[name]++;
  }
  const row = (name: PeekingRow['name'], stopped: number, times: number): PeekingRow => ({
    name,
    experiments,
    looks: times,
    falsePositives: stopped / experiments,
  });
  return [
    row('fixed-horizon z', stops.z, looks),
    row('confidence sequence', stops.sequence, looks),
    row('centred scores', stops.scores, size),
    row('e-process', stops.betting, size),
  ];
}

/** Plays one experiment. @returns which of the four would have stopped it */
function lookAt({ n, success }: Columns, size: number, random: Random) {
  const from = random.integer(n - size + 1);
  const counts = [0, 0];
  const successes = [0, 0];
  const options = { planned: size, level: 0.95 };
  const scores = new CentredScores();
  const betting = new EProcess();
  const stopped = { z: false, sequence: false, scores: false, betting: false };
  for (let i = 0; i < size; i++) {
    const arm = random.uint32() >>> 31;
    const y = success[from + i];
    counts[arm]++;
    successes[arm] += y;
    scores.push(arm === 1, y);
    betting.push(arm === 1, y);
    if (!stopped.scores) {
      const { p } = scores.sequence(options);
      stopped.scores = p !== undefined && p < 0.05;
    }
    stopped.betting ||= betting.p < 0.05;
    if (Math.floor(((i + 1) * looks) / size) === Math.floor((i * looks) / size)) continue;
    const [baseline, other] = counts.map((trials, k) => ({ successes: successes[k], n: trials }));
    const test = pooledTest(other, baseline);
    stopped.z ||= test.estimable && test.p < 0.05;
    const now = difference(other, baseline);
    if (!now.estimable) continue;
    const { p } = confidenceSequence({ ...now, n: i + 1 }, options);
    stopped.sequence ||= p !== undefined && p < 0.05;
  }
  return stopped;
}
