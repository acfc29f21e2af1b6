import { asError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { assertColumns } from '../guard.ts';
import { flatSize } from '../spaces.ts';
import { checkAlone } from './alone.ts';
import { arrayDifference, playVector, type Row, randomActions, rowDifference } from './play.ts';
import type { Findings } from './rules.ts';
import { otherSeeds } from './single.ts';
import { plainFault } from './snapshot.ts';
import type { CheckBudget, Makers } from './subject.ts';

const count = 3;

/** Holds copies that step together to the rules. */
export async function checkVector(makers: Makers, found: Findings, budget: CheckBudget): Promise<void> {
  const checks = [
    [checkColumns, 'runs'],
    [checkSeeding, 'seedRepeats'],
    [checkRows, 'copiesIndependent'],
    [checkAlone, 'vectorAsSingle'],
    [checkEnds, 'autoreset'],
    [checkFinal, 'finalObservation'],
    [checkSnapshots, 'snapshotExact'],
  ] as const;
  for (const [check, rule] of checks) {
    try {
      await check(makers, found, budget);
    } catch (error) {
      found.add(rule, asError(error).message);
    }
  }
}

/** The columns of an author's own vector environment. */
export async function checkArrays({ vector: make }: Makers, found: Findings): Promise<void> {
  const vector = await make(count);
  try {
    assertColumns(vector, 'vector');
  } catch (error) {
    found.add('columns', asError(error).message);
  }
  vector.close();
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
  vector.close();
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
    [1, 2].every(i => {
      const row = observations.subarray(i * size, (i + 1) * size);
      return !arrayDifference('', observations.subarray(0, size), row);
    });
  const isFixed = starts.every(start => !rowDifference([start], [starts[0]]));
  if (!isFixed && starts.every(isUniform))
    found.add('copiesDiffer', 'the copies of each seed all start with the same observation');
  for (const one of [vector, other]) one.close();
}

async function checkRows({ vector: make }: Makers, found: Findings, { steps }: CheckBudget): Promise<void> {
  const vector = await make(count);
  const reference = playVector(vector, { seed: 3, steps, only: 0, others: 5 });
  const other = playVector(vector, { seed: 3, steps, only: 0, others: 6 });
  const seen = rowDifference(reference, other, 0);
  found.expectNone('copiesIndependent', seen && `copy 0 among copies with other actions, ${seen}`);
  vector.close();
}

async function checkEnds(
  { vector: make }: Makers,
  found: Findings,
  { patience }: CheckBudget,
): Promise<void> {
  const vector = await make(count);
  const size = flatSize(vector.observationSpace);
  const streams = Array.from({ length: count }, (_, i) => Random.fromSeed(4).split(i));
  vector.reset({ seed: 4 });
  let ends = 0;
  let same = 0;
  let moved = 0;
  for (let k = 0; k < patience / count && ends < 10; k++) {
    vector.step(randomActions(vector, streams));
    for (let i = 0; i < count; i++) {
      if (vector.terminated[i] === 0 && vector.truncated[i] === 0) continue;
      ends++;
      const now = vector.observations.subarray(i * size, (i + 1) * size);
      const final = vector.finalObservations.subarray(i * size, (i + 1) * size);
      if (!arrayDifference('', now, final)) same++;
      else moved++;
    }
  }
  if (ends > 0 && moved === 0)
    found.add('autoreset', `at ${same} ends of ${ends} observations and finalObservations were the same`);
  vector.close();
}

/**
 * With one more step allowed, an episode goes on with exactly the observation that is its last one without: so a time
 * limit shows whether the final observation is the true one.
 */
async function checkFinal({ limited }: Makers, found: Findings): Promise<void> {
  if (!limited) return;
  const limit = 5;
  const [short, long] = [await limited(count, limit), await limited(count, limit + 1)];
  const rows = playVector(short, { seed: 5, steps: limit });
  const reference = playVector(long, { seed: 5, steps: limit });
  const size = flatSize(short.observationSpace);
  const isWhole = (i: number) =>
    rows.slice(0, -1).every(row => row['terminated'][i] + row['truncated'][i] === 0);
  for (let i = 0; i < count; i++) {
    const last = rows[limit];
    if (!isWhole(i) || last['terminated'][i] === 1) continue;
    if (last['truncated'][i] !== 1)
      found.add('timeLimitTruncates', `maxEpisodeSteps ${limit}: step ${limit} was not truncated`);
    const seen = arrayDifference(
      'observation',
      reference[limit]['observations'].subarray(i * size, (i + 1) * size),
      last['finalObservations'].subarray(i * size, (i + 1) * size),
    );
    found.expectNone('finalObservation', seen && `the last one and finalObservations: ${seen}`);
  }
  for (const one of [short, long]) one.close();
}

async function checkSnapshots(
  { vector: make }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const [vector, other] = [await make(count), await make(count)];
  if (!vector.snapshot !== !vector.restore)
    found.add('snapshotPair', 'only one of snapshot and restore is there');
  if (!vector.snapshot || !vector.restore) return;
  playVector(vector, { seed: 6, steps: Math.min(steps, 10) });
  const snapshot = vector.snapshot();
  found.expectNone('snapshotPlain', plainFault(snapshot));
  if (found.has('snapshotPlain')) return;
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
  for (const one of [vector, other]) one.close();
}
