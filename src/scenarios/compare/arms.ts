import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { TroupeError, usageError } from '../../core/errors.ts';
import { findScenario } from '../runner/find.ts';
import { readRunInfo } from '../runner/folder.ts';
import { resolveOptions } from '../runner/options.ts';
import { isPlain } from '../runner/schema.ts';
import { splitWords } from './words.ts';

const policyArm = z.object({
  kind: z.literal('policy'),
  label: z.string(),
  /** The folder that holds `policy.json`, absolute. */
  policy: z.string(),
});
const trainingArm = z.object({
  kind: z.literal('training'),
  label: z.string(),
  scenario: z.string(),
  /** The user's file that holds the scenario, absolute; `null` for one of ours. */
  file: z.string().nullable(),
  smoke: z.boolean(),
  options: z.record(z.string(), z.unknown()),
});

/** One of the things compared, as `compare.json` keeps it. */
export const armSpec = z.discriminatedUnion('kind', [policyArm, trainingArm]);
export type ArmSpec = z.output<typeof armSpec>;
/** A trial is one episode of a policy. */
export type PolicyArm = z.output<typeof policyArm>;
/** A trial is one training run. */
export type TrainingArm = z.output<typeof trainingArm>;

/** How arms are named on the command line. */
export interface ArmTexts {
  /** `runs/cart-pole/x`, `hopper`, `./mine.ts`, `hopper --set ppo.gamma=0.99`, each perhaps with `name=` before it. */
  readonly arms: readonly string[];
  /** `--set`: options of every arm that is trained. */
  readonly set: readonly string[];
  /** `--against`: more arms, each the one that is named with these options changed. */
  readonly against: readonly string[];
  readonly smoke: boolean;
}

/**
 * Reads the arms. They are all policies or all scenarios.
 * @throws a usage error of one line that names the arm and what was expected
 */
export async function readArms({ arms, set, against, smoke }: ArmTexts): Promise<ArmSpec[]> {
  if (against.length > 0 && arms.length !== 1) {
    throw usageError(
      `--against ${against[0]}: changes the options of one arm, expected one before it, got ${arms.length}`,
    );
  }
  if (against.length === 0 && arms.length < 2) {
    throw usageError(`compare: expected two arms or more (or one, and --against), got ${arms.length}`);
  }
  const texts = [
    ...arms.map(text => ({ text, more: [] as string[] })),
    ...against.map(text => ({ text: arms[0], more: splitWords(text) })),
  ];
  const named: Named[] = [];
  for (const [i, { text, more }] of texts.entries()) {
    if (i < arms.length) named.push(await readArm(text, set, more, smoke));
    // The name is the first one's: what `--against` changed has another.
    else
      named.push({
        ...(await changedArm(named[0], against[i - arms.length], texts[i], set, smoke)),
        label: undefined,
      });
  }
  const kinds = new Set(named.map(({ kind }) => kind));
  if (kinds.size > 1) {
    throw usageError(
      `compare ${arms.join(' ')}: expected only runs' folders or only scenarios: an episode is no training run`,
    );
  }
  return labelled(named);
}

/** @throws a usage error where `--against` names no option, or changes none: the arm would be the baseline again */
async function changedArm(
  baseline: Named,
  change: string,
  { text, more }: { readonly text: string; readonly more: readonly string[] },
  set: readonly string[],
  smoke: boolean,
): Promise<Named> {
  if (more.length === 0) {
    throw usageError('--against "": expected key=value, for example --against ppo.gamma=0.995');
  }
  const arm = await readArm(text, set, more, smoke).catch((error: unknown) => {
    throw asAgainst(error, more);
  });
  if (
    arm.kind === 'training' &&
    baseline.kind === 'training' &&
    isDeepStrictEqual(arm.options, baseline.options)
  ) {
    throw usageError(`--against ${change}: changes nothing, expected another value than the baseline's`);
  }
  return arm;
}

/** What is wrong with a change is said of the option that it was given with. */
function asAgainst(error: unknown, more: readonly string[]): unknown {
  if (!(error instanceof TroupeError) || error.kind !== 'usage') return error;
  const key = /^--set ([^\s:=]+)/.exec(error.message)?.[1];
  if (key === undefined || !more.some(each => each.split('=')[0] === key)) return error;
  return usageError(error.message.replaceAll('--set ', '--against '));
}

type Unnamed = Omit<PolicyArm, 'label'> | Omit<TrainingArm, 'label'>;
type Named = Unnamed & { readonly label: string | undefined };

async function readArm(
  text: string,
  shared: readonly string[],
  more: readonly string[],
  smoke: boolean,
): Promise<Named> {
  const words = splitWords(text);
  if (words.length === 0) throw usageError(`compare "${text}": expected a run's folder or a scenario`);
  const { label, subject } = subjectOf(words[0]);
  const set = [...shared, ...settingsIn(words.slice(1), text), ...more];
  if (existsSync(subject) && statSync(subject).isDirectory()) {
    if (set.length > 0) {
      throw usageError(
        `compare ${subject}: --set ${set[0]}: a policy is trained already, expected no options`,
      );
    }
    if (smoke)
      throw usageError(`compare ${subject}: --smoke is for scenarios, expected no --smoke with policies`);
    return { kind: 'policy', label, policy: policyFolder(subject) };
  }
  if (/[/\\]/.test(subject) && !existsSync(subject) && !/\.[cm]?[jt]s(#|$)/.test(subject)) {
    throw usageError(
      `compare ${subject}: no such folder, expected a run (runs/<scenario>/<run>) or a scenario`,
    );
  }
  const { scenario, file } = await findScenario(subject);
  const options = resolveOptions(scenario, { smoke, set });
  return { kind: 'training', label, scenario: scenario.name, file: file ?? null, smoke, options };
}

/** `slow=cart-pole`: a name before what it names. */
function subjectOf(word: string): { label: string | undefined; subject: string } {
  const equals = word.indexOf('=');
  if (equals < 0 || existsSync(word)) return { label: undefined, subject: word };
  const [label, subject] = [word.slice(0, equals).trim(), word.slice(equals + 1)];
  if (label === '' || subject === '') {
    throw usageError(`compare ${word}: expected name=<run or scenario>, for example slow=cart-pole`);
  }
  return { label, subject };
}

function settingsIn(words: readonly string[], text: string): string[] {
  const settings: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const inline = /^--set=(.+)$/.exec(words[i])?.[1];
    if (inline !== undefined) settings.push(inline);
    else if (words[i] === '--set' && i + 1 < words.length) settings.push(words[++i]);
    else throw usageError(`compare "${text}": ${words[i]}: expected --set key=value behind a scenario`);
  }
  return settings;
}

function policyFolder(folder: string): string {
  const within = join(folder, 'policy');
  if (existsSync(join(within, 'policy.json'))) return resolve(within);
  if (existsSync(join(folder, 'policy.json'))) return resolve(folder);
  const runs = existsSync(join(folder, 'run.json')) ? [] : runsIn(folder);
  if (runs.length > 0) {
    throw usageError(
      `compare ${folder}: holds ${runs.length} ${runs.length === 1 ? 'run' : 'runs'} and is none itself, expected one of them, e.g. ${join(folder, runs[runs.length - 1])}`,
    );
  }
  const info = readRunInfo(folder);
  if (info.kind === 'seeds') {
    throw usageError(
      `compare ${folder}: holds ${info.seeds.length} runs, expected one of them, e.g. ${join(folder, `seed${info.seeds[0]}`)}`,
    );
  }
  throw usageError(`compare ${folder}: this run has not saved a policy yet, expected a finished run`);
}

/** Names of the runs that lie in a folder, the oldest first. */
const runsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter(name => existsSync(join(folder, name, 'run.json')))
    .sort();

// ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Options that differ are a name as long as there are so many of them. */
const MOST_IN_NAME = 3;

function labelled(arms: readonly Named[]): ArmSpec[] {
  const differing = differingOptions(arms);
  const labels: string[] = [];
  for (const arm of arms) {
    const wanted = arm.label ?? ownName(arm, arms, differing);
    if (arm.label !== undefined && labels.includes(wanted)) {
      throw usageError(`compare: two arms are named ${wanted}, expected different names`);
    }
    let label = wanted;
    for (let n = 2; labels.includes(label); n++) label = `${wanted} (${n})`;
    labels.push(label);
  }
  return arms.map((arm, i) => ({ ...arm, label: labels[i] }));
}

/** Of settings: the options in which the arm is another than the baseline; of the baseline, those that every arm changes. */
function ownName(
  arm: Unnamed,
  [baseline, ...others]: readonly Unnamed[],
  differing: readonly string[],
): string {
  if (arm.kind === 'policy') {
    const run = basename(arm.policy) === 'policy' ? resolve(arm.policy, '..') : arm.policy;
    return basename(run);
  }
  const differs = (path: string, other: Unnamed) =>
    !isDeepStrictEqual(valueAt(other, path), valueAt(baseline, path));
  const paths = differing.filter(path =>
    arm === baseline ? others.every(other => differs(path, other)) : differs(path, arm),
  );
  if (paths.length === 0 || paths.length > MOST_IN_NAME) return arm.scenario;
  return paths.map(path => `${path}=${valueText(valueAt(arm, path))}`).join(' ');
}

const valueAt = (arm: Unnamed, path: string): unknown =>
  arm.kind === 'training' ? leavesOf(arm.options)[path] : undefined;

/** Paths of options that are not the same in all arms, where all train the same scenario. */
function differingOptions(arms: readonly Unnamed[]): string[] {
  const training = arms.filter(arm => arm.kind === 'training');
  if (training.length === 0 || new Set(training.map(arm => arm.scenario)).size > 1) return [];
  const leaves = training.map(arm => leavesOf(arm.options));
  const paths = [...new Set(leaves.flatMap(Object.keys))];
  return paths.filter(path => leaves.some(each => !isDeepStrictEqual(each[path], leaves[0][path])));
}

function leavesOf(options: unknown, prefix = ''): Record<string, unknown> {
  if (!isPlain(options)) return {};
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) =>
      isPlain(value) ? Object.entries(leavesOf(value, `${prefix}${key}.`)) : [[prefix + key, value] as const],
    ),
  );
}

const valueText = (value: unknown): string =>
  value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
