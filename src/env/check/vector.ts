import { described } from '../../core/places.ts';
import type { VectorEnvironment } from '../contract.ts';
import { assertColumns } from '../guard.ts';
import { flatSize } from '../spaces.ts';
import { checkAlone } from './alone.ts';
import { checkEnds } from './autoreset.ts';
import {
  arrayDifference,
  columnsOf,
  count,
  isSame,
  playVector,
  type Row,
  randomActions,
  rowDifference,
  streamsOf,
} from './play.ts';
import type { Findings } from './rules.ts';
import { otherSeeds } from './single.ts';
import { checkRestores, havePair, snapshotsDisturb } from './snapshot.ts';
import type { Check, CheckBudget, Makers } from './subject.ts';

/** Hold copies that step together to the rules. */
export const vectorChecks: readonly Check[] = [
  { rules: ['runs', 'columns', 'flags', 'finiteNumbers'], run: checkColumns },
  { rules: ['actionUntouched'], run: checkActions },
  { rules: ['seedRepeats', 'seedMatters', 'copiesDiffer'], run: checkSeeding },
  { rules: ['copiesIndependent'], run: checkRows },
  { rules: ['vectorAsSingle'], run: checkAlone },
  { rules: ['autoreset', 'episodesDiffer'], run: checkEnds },
  { rules: ['finalObservation', 'lastStep', 'timeLimitTruncates'], run: checkFinal },
  { rules: ['snapshotExact', 'snapshotPair', 'snapshotPlain'], run: checkSnapshots },
];

/** The columns of an author's own vector environment. */
export async function checkArrays({ vector: make }: Makers, found: Findings): Promise<void> {
  const vector = await make(count);
  try {
    assertColumns(vector, 'vector');
  } catch (error) {
    found.add('columns', described(error));
  }
}

async function checkColumns(
  { vector: make }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const vector = await make(count);
  const arrays = () => {
    const { observations, rewards, terminated, truncated, finalObservations, info } = vector;
    return { observations, rewards, terminated, truncated, finalObservations, ...info };
  };
  const before = arrays();
  const rows = playVector(vector, { seed: 1, steps });
  vector.reset();
  for (const [name, array] of Object.entries(arrays())) {
    if (array !== (before as Record<string, unknown>)[name])
      found.add('columns', `${name} was replaced by another array`);
  }
  for (const row of rows) checkRow(row, found);
}

/** Clipping or scaling in place shows within some dozen random actions. */
async function checkActions(
  { vector: make }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const vector = await make(count);
  const streams = streamsOf(2);
  vector.reset({ seed: 2 });
  for (let k = 0; k < Math.min(steps, 50); k++) {
    const actions = randomActions(vector, streams);
    const given = actions.slice();
    vector.step(actions);
    const seen = arrayDifference('actions', given, actions);
    found.expectNone('actionUntouched', seen && `before and after a step: ${seen}`);
  }
}

function checkRow(row: Row, found: Findings): void {
  for (const flag of ['terminated', 'truncated']) {
    const odd = row[flag].find(value => value > 1);
    if (odd !== undefined) found.add('flags', `${flag} = ${odd}`);
  }
  for (const [name, column] of Object.entries(row)) {
    const odd = column.findIndex(value => !Number.isFinite(value));
    if (odd >= 0) found.add('finiteNumbers', `${name}[${odd}] = ${column[odd]}`);
  }
}

async function checkSeeding(
  { vector: make }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const [vector, other] = [await make(count), await make(count)];
  const reference = playVector(vector, { seed: 1, steps });
  playVector(vector, { seed: 2, steps, actions: 1 });
  for (const again of [vector, other]) {
    const seen = rowDifference(reference, playVector(again, { seed: 1, steps }));
    found.expectNone('seedRepeats', seen && `copies with seed 1 twice, ${seen}`);
  }
  const others = otherSeeds.map(seed => playVector(vector, { seed, steps: Math.min(steps, 20) }));
  if (others.every(rows => rowDifference(rows, reference) === undefined))
    found.add('seedMatters', 'seeds 1 to 9 give the same episodes under the same actions');
  const starts = others.map(rows => rows[0]);
  const size = flatSize(vector.observationSpace);
  const isUniform = ({ observations }: Row) =>
    [1, 2].every(i =>
      isSame(observations.subarray(0, size), observations.subarray(i * size, (i + 1) * size)),
    );
  const isFixed = starts.every(start => !rowDifference([start], [starts[0]]));
  if (isFixed) found.skip('copiesDiffer', 'every seed starts the same');
  else if (starts.every(isUniform))
    found.add('copiesDiffer', 'the copies of each seed all start with the same observation');
}

async function checkRows({ vector: make }: Makers, found: Findings, { steps }: CheckBudget): Promise<void> {
  const vector = await make(count);
  const reference = playVector(vector, { seed: 3, steps, only: 0, others: 5 });
  const other = playVector(vector, { seed: 3, steps, only: 0, others: 6 });
  const seen = rowDifference(reference, other, 0);
  found.expectNone('copiesIndependent', seen && `copy 0 among copies with other actions, ${seen}`);
}

/**
 * With one more step allowed, an episode goes on with exactly the observation that is its last one without: so a time
 * limit shows whether the final observation is the true one, and whether rewards and info still speak of that step.
 */
async function checkFinal({ limited }: Makers, found: Findings): Promise<void> {
  if (!limited) {
    for (const rule of ['finalObservation', 'lastStep'] as const)
      found.skip(rule, 'it takes no maxEpisodeSteps');
    return;
  }
  const limit = 5;
  const [short, long] = [await limited(count, limit), await limited(count, limit + 1)];
  const rows = playVector(short, { seed: 5, steps: limit });
  const reference = playVector(long, { seed: 5, steps: limit });
  const size = flatSize(short.observationSpace);
  const isWhole = (i: number) =>
    rows.slice(0, -1).every(row => row['terminated'][i] + row['truncated'][i] === 0);
  for (let i = 0; i < count; i++) {
    const last = rows[limit];
    if (!isWhole(i)) continue;
    if (last['terminated'][i] === 1) {
      if (reference[limit]['terminated'][i] === 0)
        found.add('timeLimitTruncates', `maxEpisodeSteps ${limit}: step ${limit} was terminated`);
      continue;
    }
    if (last['truncated'][i] !== 1)
      found.add('timeLimitTruncates', `maxEpisodeSteps ${limit}: step ${limit} was not truncated`);
    const seen = arrayDifference(
      'observation',
      reference[limit]['observations'].subarray(i * size, (i + 1) * size),
      last['finalObservations'].subarray(i * size, (i + 1) * size),
    );
    found.expectNone('finalObservation', seen && `the last one and finalObservations: ${seen}`);
    for (const name of ['rewards', ...Object.keys(last).filter(name => name.startsWith('info.'))]) {
      const [cut, whole] = [last[name][i], reference[limit][name][i]];
      // A figure that tells the time left differs all along.
      const tellsLimit = rows.slice(0, -1).some((row, t) => !Object.is(row[name][i], reference[t][name][i]));
      if (!tellsLimit && !Object.is(cut, whole))
        found.add(
          'lastStep',
          `maxEpisodeSteps ${limit} and ${limit + 1}: step ${limit} has ${name} ${cut} and ${whole}`,
        );
    }
  }
}

async function checkSnapshots(
  { vector: make, limited }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const pair = async (one: () => Promise<VectorEnvironment>) => [await one(), await one()] as const;
  holdSnapshots(await pair(() => make(count)), steps, '', found);
  // A count of steps that is not in the snapshot shows where the time limit cuts.
  if (limited)
    holdSnapshots(
      await pair(() => limited(count, 15)),
      Math.min(steps, 20),
      ' with maxEpisodeSteps 15',
      found,
    );
}

function holdSnapshots(
  [vector, other]: readonly [VectorEnvironment, VectorEnvironment],
  steps: number,
  limit: string,
  found: Findings,
): void {
  const some = Math.min(steps, 10);
  if (!havePair(vector, found)) return;
  const plain = playVector(vector, { seed: 6, steps: some });
  const watched = playVector(other, { seed: 6, steps: some, between: () => void other.snapshot!() });
  found.expectNone('snapshotExact', snapshotsDisturb(rowDifference(plain, watched)));
  checkRestores({
    subjects: { [`the same copies${limit}`]: vector, [`new copies${limit}`]: other },
    // A rollout that goes on from a snapshot acts on the observations that it finds.
    play: one => [columnsOf(one), ...playVector(one, { steps, actions: 7 })],
    difference: rowDifference,
    found,
  });
}
