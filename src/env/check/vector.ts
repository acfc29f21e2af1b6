import { asError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { VectorEnvironment } from '../contract.ts';
import { assertColumns } from '../guard.ts';
import { flatSize } from '../spaces.ts';
import { checkAlone } from './alone.ts';
import { arrayDifference, playVector, type Row, randomActions, rowDifference } from './play.ts';
import type { Findings } from './rules.ts';
import { otherSeeds, skipSnapshots } from './single.ts';
import { plainFault } from './snapshot.ts';
import type { Check, CheckBudget, Makers } from './subject.ts';

const count = 3;

/** Hold copies that step together to the rules. */
export const vectorChecks: readonly Check[] = [
  { rules: ['runs', 'columns', 'flags', 'finiteNumbers'], run: checkColumns },
  { rules: ['actionUntouched'], run: checkActions },
  { rules: ['seedRepeats', 'seedMatters', 'copiesDiffer'], run: checkSeeding },
  { rules: ['copiesIndependent'], run: checkRows },
  { rules: ['vectorAsSingle'], run: checkAlone },
  { rules: ['autoreset', 'episodesDiffer'], run: checkEnds },
  { rules: ['finalObservation', 'timeLimitTruncates'], run: checkFinal },
  { rules: ['snapshotExact', 'snapshotPair', 'snapshotPlain'], run: checkSnapshots },
];

/** The columns of an author's own vector environment. */
export async function checkArrays({ vector: make }: Makers, found: Findings): Promise<void> {
  const vector = await make(count);
  try {
    assertColumns(vector, 'vector');
  } catch (error) {
    found.add('columns', asError(error).message);
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

const streamsOf = (seed: number): Random[] =>
  Array.from({ length: count }, (_, i) => Random.fromSeed(seed).split(i));

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

const manyEnds = 10;

/** Episodes end by themselves and, where there is a time limit, by that: an author may have written two paths. */
async function checkEnds(
  { vector: make, limited }: Makers,
  found: Findings,
  { patience }: CheckBudget,
): Promise<void> {
  const plays = [endsOf(await make(count), patience / count)];
  if (limited) plays.push(endsOf(await limited(count, 5), 5 * manyEnds));
  const most = Math.max(...plays.map(ends => ends.length));
  if (most === 0) found.skip('autoreset', `no episode ended in ${patience} steps`);
  if (most < manyEnds) found.skip('episodesDiffer', `${most} episodes ended in ${patience} steps`);
  for (const ends of plays) checkStarts(ends, found);
}

function checkStarts(ends: readonly End[], found: Findings): void {
  if (ends.length > 0 && ends.every(({ final, next }) => isSame(final, next)))
    found.add('autoreset', `at ${ends.length} ends observations and finalObservations were the same`);
  if (ends.length < manyEnds || !ends.every(({ first, next }) => isSame(first, next))) return;
  if (ends.every(({ first }) => isSame(first, ends[0].first)))
    found.skip('episodesDiffer', 'every seed starts the same');
  else found.add('episodesDiffer', `${ends.length} episodes started as the first of their copies did`);
}

/** Where an episode ended: its last observation, the next one's start, and the copy's start after the reset. */
type End = Readonly<Record<'first' | 'final' | 'next', Float32Array>>;

function endsOf(vector: VectorEnvironment, steps: number): End[] {
  const { observations, finalObservations, terminated, truncated } = vector;
  const size = flatSize(vector.observationSpace);
  const rowOf = (column: Float32Array, i: number) => column.slice(i * size, (i + 1) * size);
  const streams = streamsOf(4);
  vector.reset({ seed: 4 });
  const firsts = streams.map((_, i) => rowOf(observations, i));
  const ends: End[] = [];
  for (let k = 0; k < steps && ends.length < manyEnds; k++) {
    vector.step(randomActions(vector, streams));
    for (let i = 0; i < count; i++) {
      if (terminated[i] === 0 && truncated[i] === 0) continue;
      ends.push({ first: firsts[i], final: rowOf(finalObservations, i), next: rowOf(observations, i) });
    }
  }
  return ends;
}

const isSame = (one: ArrayLike<number>, other: ArrayLike<number>): boolean =>
  !arrayDifference('', one, other);

/**
 * With one more step allowed, an episode goes on with exactly the observation that is its last one without: so a time
 * limit shows whether the final observation is the true one.
 */
async function checkFinal({ limited }: Makers, found: Findings): Promise<void> {
  if (!limited) return found.skip('finalObservation', 'it takes no maxEpisodeSteps');
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
  }
}

async function checkSnapshots(
  { vector: make }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const [vector, other] = [await make(count), await make(count)];
  if (!vector.snapshot !== !vector.restore)
    found.add('snapshotPair', 'only one of snapshot and restore is there');
  if (!vector.snapshot || !vector.restore) return skipSnapshots(found);
  playVector(vector, { seed: 6, steps: Math.min(steps, 10) });
  const snapshot = vector.snapshot();
  found.expectNone('snapshotPlain', plainFault(snapshot));
  if (found.has('snapshotPlain')) return found.skip('snapshotExact', 'its snapshot is not plain');
  const kept = structuredClone(snapshot);
  const reference = playVector(vector, { steps, actions: 7 });
  if (JSON.stringify(kept) !== JSON.stringify(snapshot))
    found.add('snapshotPlain', 'the snapshot changed with later steps');
  for (const [name, one] of [
    ['the same copies', vector],
    ['new copies', other],
  ] as const) {
    one.restore!(structuredClone(kept));
    const seen = rowDifference(reference, playVector(one, { steps, actions: 7 }));
    found.expectNone('snapshotExact', seen && `restored into ${name}, ${seen}`);
  }
}
