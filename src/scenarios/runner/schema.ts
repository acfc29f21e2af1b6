import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** What we read of a schema's definition: by its marks, not `instanceof`, since a user may have a zod of their own. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly defaultValue?: unknown;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly getter?: () => z.ZodType;
}
const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition;

/**
 * What a schema that wraps another reads its input with: defaults, optional and the like stand around one, a transform
 * or a pipe behind one, `preprocess` before one.
 */
function innerOf(schema: z.ZodType): z.ZodType | undefined {
  const { type, innerType, in: from, out, getter } = definitionOf(schema);
  if (type === 'lazy') return getter?.();
  if (type !== 'pipe' || from === undefined) return innerType;
  return definitionOf(from).type === 'transform' ? out : from;
}

/** A field as it takes its input, without what is wrapped around it. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const inner = innerOf(schema);
  return inner ? unwrap(inner) : schema;
}

/** The fields of an object schema, through its wrappers; `undefined` for anything else. */
export function fieldsOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const { type, shape } = definitionOf(unwrap(schema));
  return type === 'object' ? shape : undefined;
}

/** The sentence that a field was described with, on whichever wrapper it stands. */
export function descriptionOf(schema: z.ZodType): string {
  const inner = innerOf(schema);
  return schema.description ?? (inner ? descriptionOf(inner) : '');
}

/**
 * What a schema fills in where nothing is given, as input that JSON can hold, so that overrides can be merged over it:
 * parsing `{ ppo: { gamma: 0.9 } }` alone would drop what a `prefault` on `ppo` says about its other fields. What
 * cannot be said as input (the default behind a transform) is left out: parsing fills it in.
 */
export function defaultsOf(schema: z.ZodType): unknown {
  const { type, defaultValue, in: from } = definitionOf(schema);
  const inner = innerOf(schema);
  if (type === 'optional') return undefined;
  if (type === 'prefault' && inner) return filled(inner, asJson(defaultValue));
  if (type === 'default' && inner) return filled(inner, inputFor(inner, defaultValue));
  if (from && definitionOf(from).type === 'transform' && inner) return inputFor(schema, defaultsOf(inner));
  if (inner) return defaultsOf(inner);
  const fields = fieldsOf(schema);
  if (!fields) return undefined;
  const values = Object.entries(fields).map(([key, field]) => [key, defaultsOf(field)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** A group's value with what its fields fill in where it says nothing. */
const filled = (schema: z.ZodType, value: unknown): unknown =>
  fieldsOf(schema) && isPlain(value) ? merge(defaultsOf(schema), value) : value;

/** The input that a schema reads as this output: itself or its JSON, field by field; `undefined` where it is neither. */
function inputFor(schema: z.ZodType, output: unknown): unknown {
  const fields = fieldsOf(schema);
  if (fields && isPlain(output)) {
    const values = Object.entries(fields).map(([key, field]) => [key, inputFor(field, output[key])] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  }
  const input = asJson(output);
  return input !== undefined && isDeepStrictEqual(outputOf(schema, input), output) ? input : undefined;
}

function outputOf(schema: z.ZodType, input: unknown): unknown {
  try {
    return schema.safeParse(input).data;
  } catch {
    return undefined; // it has asynchronous parts, or its author's mistakes
  }
}

/** A value as it comes back from JSON; `undefined` where JSON cannot hold it. */
export function asJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return undefined; // nothing, a bigint, a circle
  }
}

/** `over` laid on `base`: plain objects field by field, everything else replaced. */
export function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isPlain(base) || !isPlain(over)) return over;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) result[key] = merge(base[key], value);
  return result;
}

export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** A leaf of a schema of options: one thing that `--set` can change. */
export interface OptionField {
  readonly path: string;
  readonly schema: z.ZodType;
  /** What it takes, for people: `integer ≥ 1`, `a | b`. */
  readonly takes: string;
  /** What it is where nothing is given: as input, or as `play` gets it where no input says it. */
  readonly value: unknown;
  readonly description: string;
}

/** Every leaf of a schema, in order, with its default. */
export function optionFields(schema: z.ZodType, defaults = defaultsOf(schema), prefix = ''): OptionField[] {
  return Object.entries(fieldsOf(schema) ?? {}).flatMap(([key, field]) => {
    const path = prefix + key;
    const given = (defaults as Record<string, unknown> | undefined)?.[key];
    if (fieldsOf(field)) return optionFields(field, given, `${path}.`);
    const value = given ?? outputOf(field, undefined);
    return [{ path, schema: field, takes: takes(field), value, description: descriptionOf(field) }];
  });
}

/** Every group of options that is described, in order. */
export function optionGroups(schema: z.ZodType, prefix = ''): Pick<OptionField, 'path' | 'description'>[] {
  return Object.entries(fieldsOf(schema) ?? {}).flatMap(([key, field]) => {
    if (!fieldsOf(field)) return [];
    const path = prefix + key;
    const description = descriptionOf(field);
    return [...(description === '' ? [] : [{ path, description }]), ...optionGroups(field, `${path}.`)];
  });
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** What a field takes, in a few words. */
export function takes(schema: z.ZodType): string {
  const bare = unwrap(schema);
  const found = words(jsonOf(schema) ?? jsonOf(bare) ?? {});
  return found === 'value' ? (nameless[definitionOf(bare).type] ?? found) : found;
}

/** What JSON has no word for. */
const nameless: Readonly<Record<string, string>> = { date: 'date', bigint: 'integer' };

function jsonOf(schema: z.ZodType): JsonSchema | undefined {
  try {
    return z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema;
  } catch {
    return undefined; // a default that is no JSON
  }
}

function words(json: JsonSchema): string {
  const { anyOf, oneOf = anyOf, allOf, properties, additionalProperties } = json;
  if (oneOf) return oneOf.map(words).join(' | ');
  if (allOf) return allOf.map(words).join(' & ');
  if (json.const !== undefined) return String(json.const);
  if (json.enum) return json.enum.join(' | ');
  if (Array.isArray(json.type)) return json.type.map(type => words({ ...json, type })).join(' | ');
  if (json.type === 'number' || json.type === 'integer') return [json.type, ...range(json)].join(' ');
  if (json.type === 'array') {
    if (json.prefixItems) return `list of ${json.prefixItems.map(words).join(', ')}`;
    return json.items ? `list of ${words(json.items)}` : 'list';
  }
  if (properties) return braced(Object.entries(properties));
  if (additionalProperties) return braced([['…', additionalProperties]]);
  return (json.type as string | undefined) ?? 'value';
}

const braced = (fields: readonly (readonly [string, JsonSchema])[]): string =>
  `{ ${fields.map(([name, field]) => `${name}: ${words(field)}`).join(', ')} }`;

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string[] {
  const least = minimum !== undefined && Math.abs(minimum) < Number.MAX_SAFE_INTEGER ? `≥ ${minimum}` : '';
  const most = maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER ? `≤ ${maximum}` : '';
  const bounds = [
    exclusiveMinimum === undefined ? least : `> ${exclusiveMinimum}`,
    exclusiveMaximum === undefined ? most : `< ${exclusiveMaximum}`,
  ].filter(Boolean);
  return bounds.length === 0 ? [] : [bounds.join(' and ')];
}
