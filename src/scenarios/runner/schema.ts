import { z } from 'zod';

/** Wrappers that do not change what a field is: defaults, optional, readonly and the like. */
interface Wrapper {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly defaultValue?: unknown;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}
const definitionOf = (schema: z.ZodType): Wrapper => schema._zod.def as unknown as Wrapper;

/** A field without its wrappers. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const { innerType } = definitionOf(schema);
  return innerType ? unwrap(innerType) : schema;
}

/** The fields of an object schema, through its wrappers; `undefined` for anything else. */
export function fieldsOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  // By its mark, not `instanceof`: a user's project may have its own copy of zod.
  const { type, shape } = definitionOf(unwrap(schema));
  return type === 'object' ? shape : undefined;
}

/** The sentence that a field was described with, on whichever wrapper it stands. */
export function descriptionOf(schema: z.ZodType): string {
  const { innerType } = definitionOf(schema);
  return schema.description ?? (innerType ? descriptionOf(innerType) : '');
}

/**
 * What a schema fills in where nothing is given, as input, so that overrides can be merged over it: parsing
 * `{ ppo: { gamma: 0.9 } }` alone would drop what a `prefault` on `ppo` says about its other fields.
 */
export function defaultsOf(schema: z.ZodType): unknown {
  const { type, innerType, defaultValue } = definitionOf(schema);
  if (type === 'default' || type === 'prefault') {
    return isPlain(defaultValue) ? merge(innerType ? defaultsOf(innerType) : {}, defaultValue) : defaultValue;
  }
  if (type === 'optional') return undefined;
  if (innerType) return defaultsOf(innerType);
  const fields = fieldsOf(schema);
  if (!fields) return undefined;
  const values = Object.entries(fields).map(([key, field]) => [key, defaultsOf(field)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
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
  readonly value: unknown;
  readonly description: string;
}

/** Every leaf of a schema, in order, with its default. */
export function optionFields(schema: z.ZodType, defaults = defaultsOf(schema), prefix = ''): OptionField[] {
  return Object.entries(fieldsOf(schema) ?? {}).flatMap(([key, field]) => {
    const path = prefix + key;
    const value = (defaults as Record<string, unknown> | undefined)?.[key];
    if (fieldsOf(field)) return optionFields(field, value, `${path}.`);
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
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** What a field takes, in a few words. */
export function takes(schema: z.ZodType): string {
  return words(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema);
}

function words(json: JsonSchema): string {
  if (json.anyOf) return json.anyOf.map(words).join(' | ');
  if (json.const !== undefined) return String(json.const);
  if (json.enum) return json.enum.join(' | ');
  if (Array.isArray(json.type)) return json.type.map(type => words({ ...json, type })).join(' | ');
  if (json.type === 'number' || json.type === 'integer') return [json.type, ...range(json)].join(' ');
  if (json.type === 'array') {
    if (json.prefixItems) return `list of ${json.prefixItems.map(words).join(', ')}`;
    return json.items ? `list of ${words(json.items)}` : 'list';
  }
  return (json.type as string | undefined) ?? 'value';
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string[] {
  const least = minimum !== undefined && Math.abs(minimum) < Number.MAX_SAFE_INTEGER ? `≥ ${minimum}` : '';
  const most = maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER ? `≤ ${maximum}` : '';
  const bounds = [
    exclusiveMinimum === undefined ? least : `> ${exclusiveMinimum}`,
    exclusiveMaximum === undefined ? most : `< ${exclusiveMaximum}`,
  ].filter(Boolean);
  return bounds.length === 0 ? [] : [bounds.join(' and ')];
}
