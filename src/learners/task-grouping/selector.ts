import { usageError } from '../../core/errors.ts';
import { allGroups, type Group, type GroupScores } from './scores.ts';

/** Networks to train, and what each task is served by. */
export interface GroupPlan {
  /** At most k, in the order of their first task; they may overlap, and hold every task. */
  readonly groups: readonly Group[];
  /** mean over tasks j of the highest score(j, G) among the groups that hold j */
  readonly value: number;
  /** For each task the group that serves it, by its place in `groups`: where its score is highest, the first of them. */
  readonly serves: readonly number[];
}

/** Up to so many tasks every choice of groups is looked at. */
const fewTasks = 8;

/**
 * What a task counts that no group holds yet: worse than any score, so that only whole plans win, but no infinity, whose
 * differences are none.
 */
const uncovered = -2e6;

/**
 * At most k groups, overlap allowed, that hold every task and maximise mean_j max_{G ∋ j} score(j, G). All combinations up to 8
 * tasks, branch and bound beyond: the same value, though not always the same one of several equally good plans.
 * @param k networks that may be used at once, 1 or more
 */
export function selectGroups(scores: GroupScores, k: number): GroupPlan {
  return scores.tasks <= fewTasks && k <= 3 ? selectExhaustively(scores, k) : selectByBounds(scores, k);
}

/** `selectGroups` by looking at every combination. */
export const selectExhaustively = (scores: GroupScores, k: number): GroupPlan =>
  bestOf(scores, searchOf(scores, k), k, [], -Infinity, () => false);

/**
 * `selectGroups` by branch and bound. Groups are looked at from the highest score down; no plan of the groups from some place on is
 * worth more than each task at the best score that is left from there, which ends the search where that is no more than the
 * best plan so far. The first such plan is found by exchanging one group at a time.
 */
export function selectByBounds(scores: GroupScores, k: number): GroupPlan {
  const search = sorted(searchOf(scores, k));
  const ceilings = suffixMaxima(search.rows);
  const first = byExchange(search, k);
  return bestOf(
    scores,
    search,
    k,
    first,
    worthOf(search, first),
    (from, served, best) => mergedSum(served, ceilings[from]) <= best,
  );
}

/**
 * The best plan among all combinations of groups, each looked at once.
 * @param chosen the plan to beat, with what it is worth
 * @param hopeless whether no group from a place on, beside those that serve already, can beat the best plan so far
 */
function bestOf(
  scores: GroupScores,
  { groups, rows, tasks }: Search,
  k: number,
  chosen: readonly number[],
  worth: number,
  hopeless: (from: number, served: Float64Array, best: number) => boolean,
): GroupPlan {
  let best = worth;
  let plan = chosen;
  const walk = (from: number, served: Float64Array, picks: readonly number[]): void => {
    for (let g = from; g < groups.length; g++) {
      if (hopeless(g, served, best)) return;
      const value = mergedSum(served, rows[g]);
      if (value > best) {
        best = value;
        plan = [...picks, g];
      }
      if (picks.length < k - 1) walk(g + 1, merged(served, rows[g]), [...picks, g]);
    }
  };
  walk(0, new Float64Array(tasks).fill(uncovered), []);
  return needed(
    scores,
    plan.map(g => groups[g]),
  );
}

/** A good plan: from the one group of all tasks on, the group whose exchange for another gains most, until none does. */
function byExchange(search: Search, k: number): readonly number[] {
  const { groups, rows, tasks } = search;
  let picks = new Array<number>(k).fill(groups.findIndex(group => group.length === tasks));
  let value = worthOf(search, picks);
  for (;;) {
    let next: number[] | undefined;
    for (let out = 0; out < k; out++) {
      const rest = picks.filter((_, at) => at !== out);
      const served = servedBy(search, rest);
      for (let g = 0; g < groups.length; g++) {
        const exchanged = mergedSum(served, rows[g]);
        if (exchanged <= value) continue;
        value = exchanged;
        next = [...rest, g];
      }
    }
    if (next === undefined) return [...new Set(picks)];
    picks = next;
  }
}

/** The plan of these groups, less those that would serve no task. */
function needed(scores: GroupScores, groups: readonly Group[]): GroupPlan {
  const plan = planOf(scores, groups);
  return planOf(
    scores,
    plan.groups.filter((_, g) => plan.serves.includes(g)),
  );
}

/** The value of given groups, and who serves whom. @throws a usage error where a task is in none */
export function planOf(scores: GroupScores, groups: readonly Group[]): GroupPlan {
  const ordered = [...groups].sort((a, b) => compareGroups(a, b));
  const serves: number[] = [];
  let total = 0;
  for (let task = 0; task < scores.tasks; task++) {
    let best = -Infinity;
    let by = -1;
    ordered.forEach((group, g) => {
      if (!group.includes(task)) return;
      const score = scores.of(task, group);
      if (by < 0 || score > best) [best, by] = [score, g];
    });
    if (by < 0) throw usageError(`plan: task ${task} is in no group, expected one at least`);
    serves.push(by);
    total += best;
  }
  return { groups: ordered, value: total / scores.tasks, serves };
}

/** Every way to have all tasks in at most k groups, overlap allowed and no group twice. */
export function allPlans(tasks: number, k: number): Group[][] {
  const groups = allGroups(tasks);
  const full = 2 ** tasks - 1;
  const plans: Group[][] = [];
  const walk = (from: number, bits: number, picks: readonly Group[]): void => {
    if (bits === full) plans.push([...picks]);
    if (picks.length === k) return;
    for (let g = from; g < groups.length; g++) walk(g + 1, bits | (g + 1), [...picks, groups[g]]);
  };
  walk(0, 0, []);
  return plans;
}

/** Every way to part tasks into k groups, none of them empty. */
export function allPartitions(tasks: number, k: number): Group[][] {
  const partitions: Group[][] = [];
  const walk = (task: number, groups: readonly Group[]): void => {
    if (task === tasks) {
      if (groups.length === k) partitions.push([...groups]);
      return;
    }
    groups.forEach((_, g) => {
      walk(
        task + 1,
        groups.map((group, at) => (at === g ? [...group, task] : group)),
      );
    });
    if (groups.length < k) walk(task + 1, [...groups, [task]]);
  };
  walk(0, []);
  return partitions;
}

interface Search {
  readonly tasks: number;
  readonly groups: readonly Group[];
  /** What each group gives each task; `uncovered` where it does not hold it. */
  readonly rows: readonly Float64Array[];
}

function searchOf(scores: GroupScores, k: number): Search {
  if (!(Number.isInteger(k) && k >= 1)) throw usageError(`groups: k = ${k}: expected 1 or more networks`);
  const { tasks } = scores;
  const groups = allGroups(tasks);
  const rows = groups.map(group => {
    const row = new Float64Array(tasks).fill(uncovered);
    for (const task of group) row[task] = scores.of(task, group);
    return row;
  });
  return { tasks, groups, rows };
}

/** Groups from the highest score that one of them gives down. */
function sorted({ tasks, groups, rows }: Search): Search {
  const tops = rows.map(row => Math.max(...row));
  const order = groups.map((_, g) => g).sort((a, b) => tops[b] - tops[a] || a - b);
  return { tasks, groups: order.map(g => groups[g]), rows: order.map(g => rows[g]) };
}

/** For each place: the best that each task can get from there on. */
function suffixMaxima(rows: readonly Float64Array[]): Float64Array[] {
  const maxima = [...rows];
  for (let g = rows.length - 2; g >= 0; g--) maxima[g] = merged(rows[g], maxima[g + 1]);
  return maxima;
}

const servedBy = ({ tasks, rows }: Search, picks: readonly number[]): Float64Array =>
  picks.reduce<Float64Array>((served, g) => merged(served, rows[g]), new Float64Array(tasks).fill(uncovered));

const worthOf = (search: Search, picks: readonly number[]): number =>
  servedBy(search, picks).reduce((total, score) => total + score, 0);

const merged = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => Math.max(value, b[i]));

function mergedSum(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += Math.max(a[i], b[i]);
  return total;
}

function compareGroups(a: Group, b: Group): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
