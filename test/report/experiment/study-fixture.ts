import { Random } from '../../../src/core/random.ts';
import type { Grouping, Study } from '../../../src/report/experiment/study.ts';
import { estimateOf, severalArms } from './fixture.ts';

const groupsOf = (changes: readonly number[], nameOf: (i: number) => string): Grouping => ({
  groups: [
    ...changes.map((change, i) => ({
      name: nameOf(i),
      trials: 3000,
      rate: 0.85 * (1 + change),
      change: estimateOf(change, 0.011),
    })),
    { name: nameOf(changes.length), trials: 3000, rate: 0.85 },
  ],
  method: 'Jackknife over days of the ratio by CMH over operators',
});

/** A made-up study, with the figures of one that was run. */
export function studyOf(): Study {
  const random = Random.fromSeed(3);
  const sequential = [-0.05, -0.031, 0.012, -0.042, -0.071, 0.028, 0.058, 0.018, 0.033, -0.026];
  const drift = ['left', 'right'].flatMap((of, j) =>
    Array.from({ length: 22 }, (_, at) => ({
      at: at + 1,
      rate: 0.84 + 0.05 * Math.sin(at / 3.4) + 0.02 * j + 0.008 * random.normal(),
      of,
    })),
  );
  return {
    kind: 'study',
    about: '33,000 trials over 22 weeks: two robots, three operators, one policy',
    drift,
    sequential: groupsOf(sequential, i => `weeks ${2 * i + 1}-${2 * i + 2}`),
    random: groupsOf(
      sequential.map(() => 0.009 * random.normal()),
      i => `group ${i + 1}`,
    ),
    regroupings: { intervals: 10, counts: [0, 0, 0, 2, 6, 12, 30, 60, 140, 450, 1300] },
    designs: [
      { name: 'sequential halves', analysis: 'z', rejected: 4405, of: 10_000, honest: false },
      { name: 'alternating, odd and even differ', analysis: 'z', rejected: 9910, of: 10_000, honest: false },
      { name: 'per session', analysis: 'session jackknife', rejected: 465, of: 10_000, honest: true },
      { name: 'per trial at random', analysis: 'z', rejected: 510, of: 10_000, honest: true },
      { name: 'per trial at random', analysis: 'CMH over time', rejected: 498, of: 10_000, honest: true },
    ],
    peeking: [
      { name: 'fixed-horizon z', analysis: 'z', looks: 1, rejected: 200, of: 4000, honest: true },
      { name: 'fixed-horizon z', analysis: 'z', looks: 20, rejected: 1000, of: 4000, honest: false },
      { name: 'confidence sequence', analysis: 'level 1', looks: 20, rejected: 56, of: 4000, honest: true },
      { name: 'e-process', analysis: 'level 3', looks: 'every', rejected: 92, of: 4000, honest: true },
    ],
    experiment: severalArms(),
    layers: {
      rows: { layer: 'policy', arms: ['as it was', 'quicker'] },
      columns: { layer: 'gripper', arms: ['hard', 'soft'] },
      cells: [
        [
          { successes: 4140, n: 4984 },
          { successes: 4231, n: 5036 },
        ],
        [
          { successes: 4190, n: 5019 },
          { successes: 4160, n: 4961 },
        ],
      ],
      independence: { estimable: true, statistic: 0.6051, p: 0.4367 },
      interaction: estimateOf(-0.004, 0.0104),
    },
    planted: [
      { name: 'edited log row', passed: true, says: 'Line 412 does not continue the chain.' },
      {
        name: 'arm leaked to an operator',
        passed: true,
        says: 'The arm can be told from what the operator sees: AUC 0.97.',
      },
      { name: 'N* changed after looking', passed: false, says: 'It was not noticed.' },
    ],
  };
}
