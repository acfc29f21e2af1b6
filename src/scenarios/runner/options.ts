import type { z } from 'zod';
import { parseOrThrow, usageError } from '../../core/errors.ts';
import type { Scenario } from '../contract.ts';
import { didYouMean } from './nearest.ts';
import { defaultsOf, fieldsOf, merge, optionFields, takes, unwrap } from './schema.ts';

/** Where a run’s options come from. */
export interface OptionSources {
  /** Lay the scenario's `smoke` over its defaults. */
  readonly smoke?: boolean;
  /** `key=value` texts, as `--set` takes them; the later wins. */
  readonly set?: readonly string[];
}

/**
 * A scenario's options: its defaults, then `smoke`, then each `--set`, parsed as a whole.
 * @throws a usage error of one line that names the field, its value and what was expected
 */
export function resolveOptions<S extends z.ZodObject>(
  scenario: Pick<Scenario<S>, 'name' | 'options' | 'smoke'>,
  { smoke = false, set = [] }: OptionSources = {},
): z.output<S> {
  let input = defaultsOf(scenario.options);
  if (smoke) input = merge(input, scenario.smoke);
  for (const text of set) input = merge(input, parseSetting(scenario, text));
  return parseOrThrow(scenario.options, input, `${scenario.name} options`);
}

/** One `key=value`, checked against the field it names, as a nested object to merge over the options. */
export function parseSetting(scenario: Pick<Scenario, 'name' | 'options'>, text: string): unknown {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw usageError(`--set ${text}: expected key=value, for example ${example(scenario.options)}`);
  }
  const path = text.slice(0, equals).trim();
  const raw = text.slice(equals + 1).trim();
  const field = fieldAt(scenario, path);
  const value = parseText(field, raw, path);
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
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
  const readings = readingsOf(raw);
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
