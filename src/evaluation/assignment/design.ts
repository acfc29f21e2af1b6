import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseOrThrow, usageError } from '../../core/errors.ts';
import type { Arm, Design } from '../contract.ts';
import { unknownField } from './unknown-field.ts';

const count = z
  .number('expected a whole number, at least 1')
  .int('expected a whole number, at least 1')
  .min(1, 'expected a whole number, at least 1');

/** A name that can head a column and stand in a sentence. */
const name = z
  .string('expected a name')
  // A record cannot have this key.
  .refine(text => text !== '__proto__', 'expected another name: this one cannot be a key')
  .refine(text => /^[^\p{Cc}\s]([^\p{Cc}]*[^\p{Cc}\s])?$/u.test(text), {
    message: 'expected a name of at least one character, without line breaks and without spaces at its ends',
  });

const arm = z.strictObject(
  {
    name,
    weight: z
      .number('expected a finite number above 0')
      .refine(weight => weight > 0, 'expected a finite number above 0'),
  },
  unknownField('name, weight'),
);

const metric = z.strictObject(
  {
    name,
    kind: z.enum(['binary', 'number'], 'expected "binary" or "number"'),
    better: z.enum(['higher', 'lower'], 'expected "higher" or "lower"'),
  },
  unknownField('name, kind, better'),
);

const stopping = z.discriminatedUnion(
  'rule',
  [
    z.strictObject({ rule: z.literal('fixed'), units: count }, unknownField('rule, units')),
    z.strictObject(
      { rule: z.literal('always-valid'), planned: count, cap: count },
      unknownField('rule, planned, cap'),
    ),
  ],
  'expected a rule "fixed" with units, or "always-valid" with planned and cap',
);

/** Columns that the table of trials has beside metrics and strata. */
const reservedColumns: readonly string[] = ['trial', 'unit', 'index', 'arm', 'status', 'reason'];

/**
 * The schema of a `Design`. Beside the fields' own ranges: names of arms differ, names of metrics and strata
 * differ from one another and from the columns of the table of trials (in upper or lower case), and the arms
 * of a `pair` have the same weight, since every unit plays them all. The cap may be below `planned`: that
 * only tunes where the sequence is tightest.
 */
export const designSchema = z
  .strictObject(
    {
      name,
      hypothesis: z.string('expected a sentence').min(1, 'expected a sentence'),
      arms: z.array(arm).min(2, 'expected at least 2 arms, the baseline first'),
      unit: z.enum(['trial', 'session', 'pair'], 'expected "trial", "session" or "pair"'),
      metric,
      secondary: z.array(metric),
      strata: z.array(name),
      stopping,
      level: z
        .number('expected a number above 0.5 and below 1, such as 0.95')
        .refine(level => level > 0.5 && level < 1, 'expected a number above 0.5 and below 1, such as 0.95'),
      worthFinding: z
        .number('expected a finite number above 0, such as 0.05 for 5 %')
        .refine(effect => effect > 0, 'expected a finite number above 0, such as 0.05 for 5 %')
        .optional(),
    },
    unknownField(
      'name, hypothesis, arms, unit, metric, secondary, strata, stopping, level and perhaps worthFinding',
    ),
  )
  .superRefine((design, context) => {
    for (const { path, message } of faultsBetween(design)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  }) satisfies z.ZodType<Design>;

/**
 * A design from outside.
 * @param where what is being read
 * @throws a usage error that names field, value and expectation
 */
export const parseDesign = (input: unknown, where: string): Design =>
  parseOrThrow(designSchema, input, where);

/**
 * SHA-256 of the design's canonical JSON (keys sorted, what is undefined left out), 64 hexadecimal digits.
 */
export const hashDesign = (design: Design): string =>
  createHash('sha256').update(canonicalJson(design)).digest('hex');

/** An experiment's first record. @param seed any safe integer */
export const openedRecord = (design: Design, seed: number) =>
  ({ type: 'opened', design, designHash: hashDesign(design), seed }) as const;

/**
 * That an experiment goes on as it began.
 * @param where the log
 * @throws a usage error that names the first field that changed
 */
export function assertSameDesign(began: Design, now: Design, where: string): void {
  if (hashDesign(began) === hashDesign(now)) return;
  const { path, before, after } = firstDifference(began, now, []);
  const isPlanned = path.join('.') === 'stopping.planned';
  throw usageError(
    `${where}: ${path.join('.')}${isPlanned ? ' (N*)' : ''} = ${canonicalJson(after)}: expected ${canonicalJson(before)}, ` +
      'as when the experiment began; a design that changes after looking proves nothing, so start another experiment',
  );
}

/** When the experiment ends, in words: `after 2,000 trials; looks before then prove nothing`. */
export function describeStopping({ stopping, unit, level }: Design): string {
  const units = (n: number) => `${n.toLocaleString('en')} ${unit}${n === 1 ? '' : 's'}`;
  if (stopping.rule === 'fixed') return `after ${units(stopping.units)}; looks before then prove nothing`;
  return (
    `at the first look at which the ${+(100 * level).toFixed(6)} % confidence sequence leaves out 0, ` +
    `at the latest after ${units(stopping.cap)}; planned for ${units(stopping.planned)}, valid at every look`
  );
}

// ── How many units each arm is given ───────────────────────────────────────────────────────────────────────

/** The same share for each. @param names the baseline's first */
export const equalAllocation = (names: readonly string[]): Arm[] => names.map(name => ({ name, weight: 1 }));

/**
 * A baseline √k times as large as each of the k arms that share it: the least variance of k comparisons for
 * the same number of trials (Dunnett 1955).
 * @param names the baseline's first
 */
export const squareRootAllocation = (names: readonly string[]): Arm[] =>
  names.map((name, index) => ({ name, weight: index === 0 ? Math.sqrt(Math.max(1, names.length - 1)) : 1 }));

// ── Rules between fields ───────────────────────────────────────────────────────────────────────────────────

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function* faultsBetween(design: Design): Generator<Fault> {
  const arms = new Set<string>();
  for (const [index, { name, weight }] of design.arms.entries()) {
    if (arms.has(name)) {
      yield { path: ['arms', index, 'name'], message: 'expected a name that no other arm has' };
    }
    arms.add(name);
    if (design.unit === 'pair' && weight !== design.arms[0].weight) {
      const message = `expected ${design.arms[0].weight} as of the other arms: every pair plays them all`;
      yield { path: ['arms', index, 'weight'], message };
    }
  }
  const taken = new Map(reservedColumns.map(column => [column, 'a column of the table of trials']));
  const columns = [
    { path: ['metric', 'name'], name: design.metric.name, what: 'a metric' },
    ...design.secondary.map(({ name }, index) => ({
      path: ['secondary', index, 'name'],
      name,
      what: 'a metric',
    })),
    ...design.strata.map((name, index) => ({ path: ['strata', index], name, what: 'a stratum' })),
  ];
  for (const { path, name, what } of columns) {
    const holder = taken.get(name.toLowerCase());
    if (holder !== undefined)
      yield { path, message: `expected another name: ${holder} is called that already` };
    taken.set(name.toLowerCase(), what);
  }
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'nothing';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

interface Difference {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** The innermost field in which two unequal values differ first. */
function firstDifference(before: unknown, after: unknown, path: readonly string[]): Difference {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null;
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (canonicalJson(before[key]) !== canonicalJson(after[key])) {
        return firstDifference(before[key], after[key], [...path, key]);
      }
    }
  }
  return { path, before, after };
}
