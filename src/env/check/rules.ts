/** What `checkEnvironment` holds an environment to; the names are what `except` takes and what findings carry. */
export const rules = {
  runs: 'reset and step run for every action of the action space',
  spaces: 'the spaces are valid, survive JSON, and are the same in every copy',
  observationShape: 'every observation has the type and the shape of the observation space',
  observationBounds: 'every observation is within the bounds of the observation space',
  finiteNumbers: 'observations, rewards and info are finite numbers',
  flags: 'terminated and truncated are booleans (0 or 1 in columns)',
  infoNames: 'info has the same names after every reset and step',
  seedRepeats: 'the same seed gives the same episodes, whatever came before and whatever the time',
  seedMatters: 'another seed gives another episode',
  streamRepeats: 'episodes after the first are decided by the last seed too',
  copiesIndependent: 'a copy does not change with what other copies do',
  vectorAsSingle: 'a copy that steps together with others plays as a copy alone with the same seeds',
  stepAfterEnd: 'step throws after the end of an episode until reset is called',
  badActions: 'step throws on an action that is not in the action space',
  actionUntouched: 'step leaves the action as it was given',
  timeLimitTruncates: 'a time limit truncates: terminated says that the task itself ended',
  observationsKept: 'an observation that was handed out never changes',
  renderPure: 'render gives a scene with unique ids and finite numbers, and changes nothing',
  snapshotPair: 'snapshot and restore come together',
  snapshotPlain: 'a snapshot is plain data that neither later steps nor those after a restore change',
  snapshotExact: 'a snapshot changes nothing, and after restore the same actions give the same steps',
  columns: 'columns have the types and lengths that the contract says, and stay the same arrays',
  copiesDiffer: 'copies of one seed start differently',
  finalObservation: 'where an episode ends, finalObservations holds its last observation',
  lastStep: 'where a time limit ends an episode, rewards and info are those of that step',
  episodesDiffer: 'episodes of one seed start differently',
  autoreset:
    'where an episode ends, the next one begins as after reset, observations already hold its first one',
} as const;

/** The name of a rule of `rules`. */
export type Rule = keyof typeof rules;

/** A rule that the environment broke. */
export interface Finding {
  readonly rule: Rule;
  /** What was seen, in one line. */
  readonly seen: string;
}

/** A rule that nothing is known of. */
export interface Unchecked {
  readonly rule: Rule;
  /** Why it could not be looked at, in one line. */
  readonly why: string;
}

/** Gathers findings: the first of each rule, and none of the rules that are excepted. */
export class Findings {
  readonly list: Finding[] = [];
  readonly #except: ReadonlySet<Rule>;
  readonly #reached = new Set<Rule>();
  readonly #skipped = new Map<Rule, string>();

  constructor(except: readonly Rule[] = []) {
    this.#except = new Set(except);
    for (const rule of except) this.skip(rule, 'excepted');
  }

  /** Notes that rules have been looked at. */
  reach(checked: readonly Rule[]): void {
    for (const rule of checked) this.#reached.add(rule);
  }

  /** Notes why a rule could not be looked at, whatever is reached. */
  skip(rule: Rule, why: string): void {
    this.#skipped.set(rule, why);
  }

  /** The rules that are neither broken nor known to be kept. */
  get unchecked(): Unchecked[] {
    return (Object.keys(rules) as Rule[])
      .filter(rule => !this.has(rule) && (this.#skipped.has(rule) || !this.#reached.has(rule)))
      .map(rule => ({ rule, why: this.#skipped.get(rule) ?? 'not reached' }));
  }

  add(rule: Rule, seen: string): void {
    if (this.#except.has(rule) || this.has(rule)) return;
    this.list.push({ rule, seen });
  }

  has(rule: Rule): boolean {
    return this.list.some(finding => finding.rule === rule);
  }

  /** Adds a finding where something was seen. */
  expectNone(rule: Rule, seen: string | undefined): void {
    if (seen !== undefined) this.add(rule, seen);
  }
}
