import { Random } from '../../core/random.ts';
import type { Environment } from '../contract.ts';
import { type ActionSpace, actionSize, type Space, sample, type ValueOf } from '../spaces.ts';
import { withLeapingClock } from './leaping-clock.ts';
import { begin, difference, flat, type Moment, play } from './play.ts';
import type { Findings } from './rules.ts';
import { sceneFault } from './scene.ts';
import { checkRestores, havePair, snapshotsDisturb } from './snapshot.ts';
import type { Check, CheckBudget, Makers } from './subject.ts';

/** Hold one copy at a time to the rules, once `checkValues` found it fit to be played. */
export const singleChecks: readonly Check[] = [
  { rules: ['seedRepeats', 'streamRepeats', 'seedMatters', 'episodesDiffer'], run: checkSeeding },
  { rules: ['copiesIndependent', 'spaces'], run: checkCopies },
  { rules: ['runs', 'stepAfterEnd', 'timeLimitTruncates'], run: checkEnds },
  { rules: ['runs', 'badActions', 'actionUntouched'], run: checkActions },
  { rules: ['observationsKept'], run: checkKept },
  { rules: ['renderPure'], run: checkRender },
  { rules: ['snapshotExact', 'snapshotPair', 'snapshotPlain'], run: checkSnapshots },
];

/** Enough of them that a task with two starts is not taken for one with a single start. */
export const otherSeeds = [2, 3, 4, 5, 6, 7, 8, 9] as const;

async function checkSeeding(
  { single: make }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const first = await make();
  const episode = play(first, { seed: 1, steps });
  // One more start, so that the stream shows where no episode ends.
  const later = begin(first);
  play(first, { seed: 2, steps, actions: 2 });
  for (const other of [await make(), first]) {
    const again = play(other, { seed: 1, steps });
    const seen = difference(firstEpisode(episode), firstEpisode(again));
    found.expectNone('seedRepeats', seen && `seed 1 twice, ${seen}`);
    const streamed = difference([...episode, later], [...again, begin(other)]);
    if (!seen) found.expectNone('streamRepeats', streamed && `seed 1 twice, ${streamed}`);
  }
  const late = difference(
    firstEpisode(episode),
    firstEpisode(withLeapingClock(() => play(first, { seed: 1, steps }))),
  );
  found.expectNone('seedRepeats', late && `seed 1 twice, the second time with a clock that leaps, ${late}`);
  const isSame = (seed: number) =>
    !difference(firstEpisode(episode), firstEpisode(play(first, { seed, steps })));
  if (otherSeeds.every(isSame))
    found.add('seedMatters', 'seeds 1 to 9 give the same episode under the same actions');
  checkStarts(first, found);
}

/** Every start has a chance of its own: neither a constant seed nor the last seed again where none is given. */
function checkStarts(copy: Environment, found: Findings): void {
  const areSame = ([first, ...others]: readonly Moment[]) =>
    others.every(other => !difference([first], [other]));
  const seeded = otherSeeds.map(seed => begin(copy, seed));
  const unseeded = otherSeeds.map(() => begin(copy));
  if (areSame(seeded)) found.skip('episodesDiffer', 'every seed starts the same');
  else if (areSame(unseeded))
    found.add('episodesDiffer', `${unseeded.length} resets without a seed started the same`);
}

const firstEpisode = (moments: readonly Moment[]): readonly Moment[] => {
  const end = moments.findIndex(moment => moment.terminated || moment.truncated);
  return end < 0 ? moments : moments.slice(0, end + 1);
};

async function checkCopies({ single: make }: Makers, found: Findings, { steps }: CheckBudget): Promise<void> {
  const [one, other] = [await make(), await make()];
  const alone = play(one, { seed: 3, steps });
  const random = Random.fromSeed(5);
  let isRunning = false;
  const disturbed = play(one, {
    seed: 3,
    steps,
    between() {
      // Begun after the first copy's episode, whose start it must leave alone.
      if (!isRunning) other.reset({ seed: 4 });
      isRunning = true;
      const step = other.step(sample(other.actionSpace, random));
      if (step.terminated || step.truncated) other.reset();
    },
  });
  const seen = difference(alone, disturbed);
  found.expectNone('copiesIndependent', seen && `alone and beside another copy, ${seen}`);
  for (const name of ['observationSpace', 'actionSpace'] as const) {
    if (JSON.stringify(one[name]) !== JSON.stringify(other[name]))
      found.add('spaces', `${name} differs between two copies`);
  }
}

/** Episodes that nothing ends keep every evaluation from ending. */
export const limitMissing = ({ limit, isNative }: Makers, ends: number): string =>
  ends === 0 && limit === undefined && !isNative ? ': is maxEpisodeSteps missing?' : '';

async function checkEnds(makers: Makers, found: Findings, { patience }: CheckBudget): Promise<void> {
  const { limit = Number.POSITIVE_INFINITY } = makers;
  const copy = await makers.single();
  const random = Random.fromSeed(6);
  const ends: { length: number; terminated: boolean }[] = [];
  copy.reset({ seed: 5 });
  let length = 0;
  for (let k = 0; k < patience && ends.length < manyEnds; k++) {
    const step = copy.step(sample(copy.actionSpace, random));
    length++;
    const isEnd = step.terminated || step.truncated;
    if (!isEnd && length < limit) continue;
    if (
      isEnd &&
      ends.length === 0 &&
      !makers.isGuarded &&
      !throws(() => copy.step(sample(copy.actionSpace, random)))
    )
      found.add('stepAfterEnd', `a step after the end (step ${length}) was taken`);
    ends.push({ length, terminated: step.terminated && !step.truncated });
    copy.reset();
    length = 0;
  }
  const few = ends.length === 0 ? 'no episode' : `only ${ends.length} episodes`;
  const why = `${few} ended in ${patience} steps${limitMissing(makers, ends.length)}`;
  if (ends.length === 0 && !makers.isGuarded) found.skip('stepAfterEnd', why);
  if (ends.length < clockwork && !(makers.isNative && makers.limited)) found.skip('timeLimitTruncates', why);
  const [first] = ends;
  const isClockwork = ends.every(end => end.terminated && end.length === first.length);
  // Short episodes may well be equally long by chance: of those, all that were waited for.
  const isEnough = ends.length >= (first?.length >= 50 ? clockwork : manyEnds);
  if (isEnough && isClockwork && first.length > 1)
    found.add(
      'timeLimitTruncates',
      `${ends.length} episodes were all terminated after ${first.length} steps`,
    );
}

/** Episodes that are waited for, and how many of one length look like a time limit where they are long. */
const manyEnds = 8;
const clockwork = 3;

async function checkActions(
  { single: make, isGuarded }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const copy = await make();
  for (const action of isGuarded ? [] : badActions(copy.actionSpace)) {
    copy.reset({ seed: 6 });
    if (!throws(() => copy.step(action as ValueOf<ActionSpace>)))
      found.add('badActions', `action ${shown(action)} was taken`);
  }
  const random = Random.fromSeed(7);
  copy.reset({ seed: 6 });
  for (let k = 0; k < Math.min(steps, 50); k++) {
    const action = sample(copy.actionSpace, random);
    const before = shown(action);
    const step = copy.step(action);
    if (shown(action) !== before) found.add('actionUntouched', `${before} became ${shown(action)}`);
    if (step.terminated || step.truncated) copy.reset();
  }
}

/** Values of the action type that no space of its kind holds. Beyond a box's bounds, clipping is as good as throwing. */
function badActions(space: ActionSpace): unknown[] {
  if (space.kind === 'discrete') return [space.n, -1, 0.5, Number.NaN];
  const size = actionSize(space);
  if (space.kind === 'multiDiscrete')
    return [
      ...[Int32Array.from(space.sizes), new Int32Array(size).fill(-1)],
      ...[new Int32Array(size + 1), new Int32Array(size - 1)],
    ];
  const lastNaN = new Float32Array(size).fill(Number.NaN, size - 1);
  return [lastNaN, new Float32Array(size + 1), new Float32Array(size - 1)];
}

async function checkKept({ single: make }: Makers, found: Findings, { steps }: CheckBudget): Promise<void> {
  const [copy, other] = [await make(), await make()];
  const random = Random.fromSeed(8);
  const kept: { observation: ValueOf<Space>; as: Float32Array }[] = [];
  const keep = (observation: ValueOf<Space>) => kept.push({ observation, as: flat(copy, observation) });
  keep(copy.reset({ seed: 7 }).observation);
  for (let k = 0; k < Math.min(steps, 50); k++) {
    const step = copy.step(sample(copy.actionSpace, random));
    keep(step.observation);
    copy.render?.();
    if (step.terminated || step.truncated) keep(copy.reset().observation);
  }
  // Where no episode ended: an array that resets alone share.
  copy.reset();
  other.reset({ seed: 9 });
  for (const [t, { observation, as }] of kept.entries()) {
    const now = flat(copy, observation);
    if (now.some((value, i) => !Object.is(value, as[i])))
      found.add('observationsKept', `observation ${t} changed after it was handed out: return a new array`);
  }
}

async function checkRender({ single: make }: Makers, found: Findings, { steps }: CheckBudget): Promise<void> {
  const copy = await make();
  if (!copy.render) return found.skip('renderPure', 'it has no render');
  const unseen = play(copy, { seed: 8, steps: Math.min(steps, 50) });
  const render = () => found.expectNone('renderPure', sceneFault(copy.render!()));
  const seen = difference(unseen, play(copy, { seed: 8, steps: Math.min(steps, 50), between: render }));
  found.expectNone('renderPure', seen && `with render called between steps, ${seen}`);
}

async function checkSnapshots(
  { single: make }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const [copy, other] = [await make(), await make()];
  if (!havePair(copy, found)) return;
  const some = Math.min(steps, 10);
  const plain = [...play(copy, { seed: 9, steps: some }), begin(copy)];
  const between = () => void other.snapshot!();
  const watched = [...play(other, { seed: 9, steps: some, between }), begin(other)];
  found.expectNone('snapshotExact', snapshotsDisturb(difference(plain, watched)));
  checkRestores({
    subjects: { 'the same copy': copy, 'a new copy': other },
    play: one => play(one, { steps, actions: 10 }),
    difference,
    found,
  });
}

function throws(call: () => void): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}

const shown = (action: unknown): string =>
  ArrayBuffer.isView(action) ? `[${(action as Float32Array).join(', ')}]` : String(action);
