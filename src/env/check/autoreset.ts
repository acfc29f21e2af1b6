import type { VectorEnvironment } from '../contract.ts';
import { flatSize } from '../spaces.ts';
import {
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
import { limitMissing } from './single.ts';
import type { CheckBudget, Makers } from './subject.ts';

const manyEnds = 10;

/** Episodes end by themselves and, where there is a time limit, by that: an author may have written two paths. */
export async function checkEnds(makers: Makers, found: Findings, { patience }: CheckBudget): Promise<void> {
  const { vector: make, limited } = makers;
  const copies = [{ vector: await make(count), steps: patience / count }];
  if (limited) copies.push({ vector: await limited(count, 5), steps: 5 * manyEnds });
  const plays = copies.map(({ vector, steps }) => endsOf(vector, steps));
  const most = Math.max(...plays.map(ends => ends.length));
  if (most === 0)
    found.skip('autoreset', `no episode ended in ${patience} steps${limitMissing(makers, most)}`);
  if (most < manyEnds) found.skip('episodesDiffer', `${most} episodes ended in ${patience} steps`);
  for (const ends of plays) checkStarts(ends, found);
  for (const { vector, steps } of copies) checkNext(vector, steps, found);
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

/** A copy's second episode as the vector environment began it by itself. */
interface Next {
  /** The step that ended the first. */
  readonly at: number;
  /** The observation before that step. */
  readonly previous: Float32Array;
  /** From its start to its end, or as far as was looked. */
  readonly rows: readonly Row[];
}

const seed = 11;
const chooser = 12;
/** Steps of a second episode that are looked at. */
const manySteps = 50;

/**
 * A copy's second episode is the same whether its first one ended or `reset` without a seed cut it short: so that an
 * autoreset leaves nothing behind. It can be told only where steps do not draw from the stream that starts are drawn
 * from: where they do, an episode's length decides the next one's start.
 */
function checkNext(vector: VectorEnvironment, steps: number, found: Findings): void {
  const nexts = nextEpisodes(vector, steps).flatMap((next, i) => (next ? [{ ...next, i }] : []));
  if (nexts.length === 0) return;
  const size = flatSize(vector.observationSpace);
  const startOf = ({ observations }: Row, i: number) => observations.subarray(i * size, (i + 1) * size);
  if (nexts.every(({ previous, rows, i }) => isSame(previous, startOf(rows[0], i))))
    found.add('autoreset', `at ${nexts.length} ends observations stayed as they were before the step`);
  const reference = secondEpisodes(vector, 0);
  const before = Math.min(...nexts.map(({ at }) => at)) - 1;
  if (before < 1 || rowDifference(reference, secondEpisodes(vector, before))) return;
  // The ends themselves may draw too: then no start is as expected.
  if (!nexts.some(({ rows, i }) => isSame(startOf(reference[0], i), startOf(rows[0], i)))) return;
  for (const { at, rows, i } of nexts) {
    const [first, ...later] = reference;
    // What else the row of a start holds is about the step that ended the last episode.
    const begun = { ...first, observations: rows[0]['observations'] };
    const seen = rowDifference([first, ...later], [begun, ...rows.slice(1)], i);
    found.expectNone(
      'autoreset',
      seen && `copy ${i} after a reset, and after its end at step ${at}, ${seen}`,
    );
  }
}

/** Actions hang on the copy and on the steps of its episode. */
function nextEpisodes(vector: VectorEnvironment, steps: number): readonly (Next | undefined)[] {
  const size = flatSize(vector.observationSpace);
  const streams = streamsOf(chooser);
  const nexts: (Next & { rows: Row[] })[] = [];
  const isOver = ({ terminated, truncated }: Row, i: number) => terminated[i] + truncated[i] > 0;
  const isWhole = ({ rows }: Next, i: number) =>
    rows.length > manySteps || (rows.length > 1 && isOver(rows[rows.length - 1], i));
  vector.reset({ seed });
  let last = columnsOf(vector);
  for (let k = 1; k <= steps && !streams.every((_, i) => nexts[i] && isWhole(nexts[i], i)); k++) {
    vector.step(randomActions(vector, streams));
    const row = columnsOf(vector);
    for (let i = 0; i < count; i++) {
      const next = nexts[i];
      if (next && !isWhole(next, i)) next.rows.push(row);
      if (next || !isOver(row, i)) continue;
      streams[i] = streamsOf(chooser)[i];
      nexts[i] = {
        at: k,
        previous: last['observations'].slice(i * size, (i + 1) * size) as Float32Array,
        rows: [row],
      };
    }
    last = row;
  }
  return nexts;
}

/** All copies' second episodes, the first ones cut short after some steps. */
function secondEpisodes(vector: VectorEnvironment, before: number): Row[] {
  playVector(vector, { seed, steps: before, actions: chooser });
  vector.reset();
  return [columnsOf(vector), ...playVector(vector, { steps: manySteps, actions: chooser })];
}
