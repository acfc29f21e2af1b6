import type { z } from 'zod';
import { parseOrThrow, usageError } from '../../core/errors.ts';
import type { Scenario } from '../contract.ts';
import { didYouMean } from './nearest.ts';
import { defaultsOf, fieldsOf, isPlain, merge, optionFields, takes, unwrap } from './schema.ts';

/** Where a run’s options come from. */
export interface OptionSources {
  /** Lay the scenario's `smoke` over its defaults. */
  readonly smoke?: boolean;
  /** `key=value` texts, as `--set` takes them; the later wins. */
  readonly set?: readonly string[];
}

/**
 * A scenario's options as they are given: its defaults, then `smoke`, then each `--set`. Plain JSON, for `run.json`:
 * parsed where the run is played, so that what a transform makes of it is not parsed a second time.
 * @throws a usage error of one line that names the field, its value and what was expected
 */
export function resolveOptions(
  scenario: Pick<Scenario, 'name' | 'options' | 'smoke'>,
  { smoke = false, set = [] }: OptionSources = {},
): Record<string, unknown> {
  let input = defaultsOf(scenario.options);
  if (smoke) input = merge(input, scenario.smoke);
  for (const text of set) {
    const { path, value } = parseSetting(scenario, text);
    input = replaced(input, path, value);
  }
  const json = JSON.parse(JSON.stringify(input)) as Record<string, unknown>;
  parseOrThrow(scenario.options, json, `${scenario.name} options`);
  return json;
}

/** A value laid into nested objects: what stood in its place is gone, what stands beside it stays. */
function replaced(at: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const around = isPlain(at) ? at : {};
  return { ...around, [key]: replaced(Object.hasOwn(around, key) ? around[key] : undefined, rest, value) };
}

/** One `key=value`, checked against the field it names. */
export function parseSetting(
  scenario: Pick<Scenario, 'name' | 'options'>,
  text: string,
): { readonly path: readonly string[]; readonly value: unknown } {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw usageError(`--set ${text}: expected key=value, for example ${example(scenario.options)}`);
  }
  const path = text.slice(0, equals).trim();
  const raw = text.slice(equals + 1).trim();
  const field = fieldAt(scenario, path);
  return { path: path.split('.'), value: parseText(field, raw, path) };
}

function fieldAt(scenario: Pick<Scenario, 'name' | 'options'>, path: string): z.ZodType {
  let at: z.ZodType = scenario.options;
  for (const key of path.split('.')) {
    const fields = fieldsOf(at);
    if (fields && Object.hasOwn(fields, key)) {
      at = fields[key];
      continue;
    }
    const rest = unwrap(at)._zod.def as { type: string; valueType?: z.ZodType };
    if (rest.type === 'record' && rest.valueType) {
      at = rest.valueType;
      continue;
    }
    const known = optionFields(scenario.options).map(option => option.path);
    const hint = didYouMean(path, known) || `; it has ${known.slice(0, 8).join(', ')}`;
    throw usageError(`--set ${path}: ${scenario.name} has no such option${hint}`);
  }
  return at;
}

/**
 * A value from its text: the first reading that the field accepts, of a number (`1e-3`, `1_000`), JSON (`true`,
 * `[1,2]`), a list (`64,64`) and the text itself.
 */
function parseText(field: z.ZodType, raw: string, path: string): unknown {
  const group = fieldsOf(field);
  if (group) {
    const first = Object.keys(group)[0];
    throw usageError(
      `--set ${path}=${raw}: ${path} is a group of options, expected one of them, e.g. ${path}.${first}`,
    );
  }
  // What turns everything into text, or a date, is given the text.
  const { type, coerce } = unwrap(field)._zod.def as { type: string; coerce?: boolean };
  const readings = [...(coerce && type !== 'boolean' ? [raw] : []), ...readingsOf(raw)];
  for (const reading of readings) if (field.safeParse(reading).success) return reading;
  const issue = field.safeParse(readings[0]).error?.issues[0];
  const expected = issue?.code === 'custom' ? issue.message : `expected ${takes(field)}`;
  throw usageError(`--set ${path}=${raw}: ${expected}`);
}

function readingsOf(raw: string): unknown[] {
  const single = readingsOfOne(raw);
  const items = raw.split(',').map(item => item.trim());
  return [...single, raw, items.map(item => [...readingsOfOne(item), item][0]), items];
}

function readingsOfOne(raw: string): unknown[] {
  const readings: unknown[] = [];
  const number = Number(raw.replaceAll('_', ''));
  if (raw !== '' && Number.isFinite(number)) readings.push(number);
  const json = readJson(raw);
  if (json !== undefined) readings.push(json);
  return readings;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function example(schema: z.ZodType): string {
  const field = optionFields(schema)[0];
  return field ? `--set ${field.path}=${JSON.stringify(field.value ?? 1)}` : '--set steps=1000';
}
