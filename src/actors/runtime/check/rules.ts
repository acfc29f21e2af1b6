/** What `checkActor` holds an actor to; the names are what `except` takes and what findings carry. */
export const actorRules = {
  loads: 'starts in a worker thread, found by its module and its name',
  config: 'refuses a config that its schema does not allow',
  reads: 'reads every input that it is sent messages on',
  survives: 'handles the messages that it is sent without failing',
  refuses: 'a message that fails the schema of an input stops the system with one line that names the port',
  outputs: 'what it sends satisfies the schemas of its outputs',
  awaited: 'sends the messages that are awaited',
  answers: 'answers the calls that are made, within the deadline',
  snapshotPlain: 'its snapshot is plain data',
  snapshotExact: 'restored from a snapshot it gives the same snapshot, and then sends the same messages',
  repeats: 'the same seed and messages give the same messages',
  ends: 'ends when it is stopped, and leaves no handle open',
  silentAfterStop: 'sends nothing after it was stopped',
} as const;

/** The name of a rule of `actorRules`. */
export type ActorRule = keyof typeof actorRules;

/** A rule that the actor broke. */
export interface ActorFinding {
  readonly rule: ActorRule;
  /** What was seen, in one line. */
  readonly seen: string;
}

/** What `checkActor` found; `describeActorReport` makes lines of it. */
export interface ActorReport {
  readonly name: string;
  readonly passed: boolean;
  /** At most one of each rule. */
  readonly findings: readonly ActorFinding[];
}

/** A report as lines for people. */
export function describeActorReport({ name, passed, findings }: ActorReport): string {
  if (passed) return `${name}: keeps all ${Object.keys(actorRules).length} rules`;
  const lines = findings.map(({ rule, seen }) => `  ${rule}: ${actorRules[rule]}\n    seen: ${seen}`);
  return [`${name}: breaks ${findings.length} rules`, ...lines].join('\n');
}
