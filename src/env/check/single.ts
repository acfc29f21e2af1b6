import { asError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { type ActionSpace, type Space, sample, type ValueOf } from '../spaces.ts';
import { difference, flat, type Moment, play } from './play.ts';
import type { Findings } from './rules.ts';
import { sceneFault } from './scene.ts';
import { plainFault } from './snapshot.ts';
import type { CheckBudget, Makers } from './subject.ts';

/** Holds one copy at a time to the rules; call after `checkValues` found it fit to be played. */
export async function checkSingle(makers: Makers, found: Findings, budget: CheckBudget): Promise<void> {
  const checks = [
    [checkSeeding, 'seedRepeats'],
    [checkCopies, 'copiesIndependent'],
    [checkEnds, 'runs'],
    [checkActions, 'runs'],
    [checkKept, 'observationsKept'],
    [checkRender, 'renderPure'],
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

/** Enough of them that a task with two starts is not taken for one with a single start. */
export const otherSeeds = [2, 3, 4, 5, 6, 7, 8, 9] as const;

async function checkSeeding(
  { single: make }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const first = await make();
  const reference = play(first, { seed: 1, steps });
  play(first, { seed: 2, steps, actions: 2 });
  const episode = firstEpisode(reference);
  const others = [await make(), first].map(copy => play(copy, { seed: 1, steps }));
  for (const other of others) {
    const seen = difference(episode, firstEpisode(other));
    found.expectNone('seedRepeats', seen && `seed 1 twice, ${seen}`);
    const later = difference(reference, other);
    if (!seen) found.expectNone('streamRepeats', later && `seed 1 twice, ${later}`);
  }
  const isSame = (seed: number) => !difference(episode, firstEpisode(play(first, { seed, steps })));
  if (otherSeeds.every(isSame))
    found.add('seedMatters', 'seeds 1 to 9 give the same episode under the same actions');
  first.close?.();
}

const firstEpisode = (moments: readonly Moment[]): readonly Moment[] => {
  const end = moments.findIndex(moment => moment.terminated || moment.truncated);
  return end < 0 ? moments : moments.slice(0, end + 1);
};

async function checkCopies({ single: make }: Makers, found: Findings, { steps }: CheckBudget): Promise<void> {
  const [one, other] = [await make(), await make()];
  const alone = play(one, { seed: 3, steps });
  other.reset({ seed: 4 });
  const random = Random.fromSeed(5);
  const disturbed = play(one, {
    seed: 3,
    steps,
    between() {
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
  for (const copy of [one, other]) copy.close?.();
}

async function checkEnds(makers: Makers, found: Findings, { patience }: CheckBudget): Promise<void> {
  const copy = await makers.single();
  const random = Random.fromSeed(6);
  const ends: { length: number; terminated: boolean }[] = [];
  copy.reset({ seed: 5 });
  let length = 0;
  for (let k = 0; k < patience && ends.length < 8; k++) {
    const step = copy.step(sample(copy.actionSpace, random));
    length++;
    if (!step.terminated && !step.truncated) continue;
    const isTried = ends.length === 0 && !makers.isGuarded;
    if (isTried && !throws(() => copy.step(sample(copy.actionSpace, random))))
      found.add('stepAfterEnd', `a step after the end (step ${length}) was taken`);
    ends.push({ length, terminated: step.terminated && !step.truncated });
    copy.reset();
    length = 0;
  }
  const [first] = ends;
  const isClockwork = ends.length === 8 && ends.every(end => end.terminated && end.length === first.length);
  if (isClockwork && first.length > 1)
    found.add('timeLimitTruncates', `8 episodes of 8 were terminated after exactly ${first.length} steps`);
  copy.close?.();
}

async function checkActions({ single: make, isGuarded }: Makers, found: Findings): Promise<void> {
  const copy = await make();
  for (const action of isGuarded ? [] : badActions(copy.actionSpace)) {
    copy.reset({ seed: 6 });
    if (!throws(() => copy.step(action as ValueOf<ActionSpace>)))
      found.add('badActions', `action ${shown(action)} was taken`);
  }
  const random = Random.fromSeed(7);
  copy.reset({ seed: 6 });
  const action = sample(copy.actionSpace, random);
  const before = shown(action);
  copy.step(action);
  if (shown(action) !== before) found.add('actionUntouched', `${before} became ${shown(action)}`);
  copy.close?.();
}

/** Values of the action type that no space of its kind holds. Beyond a box's bounds, clipping is as good as throwing. */
function badActions(space: ActionSpace): unknown[] {
  if (space.kind === 'discrete') return [space.n, -1, 0.5];
  if (space.kind === 'multiDiscrete')
    return [Int32Array.from(space.sizes), new Int32Array(space.sizes.length + 1)];
  const size = space.shape.reduce((product, n) => product * n, 1);
  return [new Float32Array(size).fill(Number.NaN), new Float32Array(size + 1)];
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
    if (step.terminated || step.truncated) keep(copy.reset().observation);
  }
  other.reset({ seed: 9 });
  for (const [t, { observation, as }] of kept.entries()) {
    const now = flat(copy, observation);
    if (now.some((value, i) => !Object.is(value, as[i])))
      found.add('observationsKept', `observation ${t} changed after it was handed out: return a new array`);
  }
  for (const one of [copy, other]) one.close?.();
}

async function checkRender({ single: make }: Makers, found: Findings, { steps }: CheckBudget): Promise<void> {
  const copy = await make();
  if (!copy.render) return;
  const unseen = play(copy, { seed: 8, steps: Math.min(steps, 50) });
  const render = () => found.expectNone('renderPure', sceneFault(copy.render!()));
  const seen = difference(unseen, play(copy, { seed: 8, steps: Math.min(steps, 50), between: render }));
  found.expectNone('renderPure', seen && `with render called between steps, ${seen}`);
  copy.close?.();
}

async function checkSnapshots(
  { single: make }: Makers,
  found: Findings,
  { steps }: CheckBudget,
): Promise<void> {
  const [copy, other] = [await make(), await make()];
  if (!copy.snapshot !== !copy.restore)
    found.add('snapshotPair', 'only one of snapshot and restore is there');
  if (!copy.snapshot || !copy.restore) return;
  play(copy, { seed: 9, steps: Math.min(steps, 10) });
  const snapshot = copy.snapshot();
  found.expectNone('snapshotPlain', plainFault(snapshot));
  if (found.has('snapshotPlain')) return;
  const kept = structuredClone(snapshot);
  const reference = play(copy, { steps, actions: 10 });
  if (JSON.stringify(kept) !== JSON.stringify(snapshot))
    found.add('snapshotPlain', 'the snapshot changed with later steps');
  other.reset({ seed: 11 });
  for (const [name, one] of [
    ['the same copy', copy],
    ['a new copy', other],
  ] as const) {
    one.restore!(structuredClone(kept));
    const seen = difference(reference, play(one, { steps, actions: 10 }));
    found.expectNone('snapshotExact', seen && `restored into ${name}, ${seen}`);
  }
  for (const one of [copy, other]) one.close?.();
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
