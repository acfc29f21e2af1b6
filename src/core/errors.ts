import { inspect } from 'node:util';
import type { z } from 'zod';

/** What a failure means to whoever started the run; the command turns it into its exit code. */
export type ErrorKind =
  /** The caller asked for something that cannot be: exit code 2. */
  | 'usage'
  /** The run failed: exit code 1. */
  | 'failure'
  /** The run was interrupted and saved: exit code 130. */
  | 'interrupted';

/** An error whose message is meant for people: one line that says what, where and what was expected. */
export class TroupeError extends Error {
  override readonly name: string = 'TroupeError';
  readonly kind: ErrorKind;

  constructor(message: string, options: { kind?: ErrorKind; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind ?? 'failure';
  }
}

/** Bad input from outside. @param message what, where, and what was expected */
export const usageError = (message: string, cause?: unknown): TroupeError =>
  new TroupeError(message, { kind: 'usage', cause });

/** Anything thrown, as an Error. */
export const asError = (thrown: unknown): Error => {
  if (thrown instanceof Error) return thrown;
  const isObject = typeof thrown === 'object' && thrown !== null;
  return new Error(isObject ? inspect(thrown, { depth: 1, breakLength: Infinity }) : String(thrown));
};

/**
 * What an error says, in one line: its first, or the one where a compiler tells the place (`x.ts:3:7: ERROR: …`). Of
 * zod's, whose message is JSON over many lines, the first field and what was expected of it.
 */
export function oneLine(thrown: unknown): string {
  const error = asError(thrown);
  const [issue] = (error as Partial<z.ZodError>).issues ?? [];
  if (issue) return [issue.path.join('.'), issue.message].filter(Boolean).join(': ');
  const lines = error.message.trim().split('\n');
  return lines.find(line => /:\d+:\d+: ERROR/.test(line)) ?? (lines[0] || error.name);
}

/**
 * Parses outside input, or throws a one-line usage error that names the field, its value and what was expected.
 * @param where what is being read, e.g. `hopper options`
 */
export function parseOrThrow<S extends z.ZodType>(schema: S, input: unknown, where: string): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue.path.map(String).join('.');
  const value = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key as PropertyKey],
    input,
  );
  throw usageError(`${where}: ${path ? `${path} = ${show(value)}: ` : ''}${issue.message}`, result.error);
}

function show(value: unknown): string {
  const text = typeof value === 'bigint' || typeof value === 'function' ? String(value) : asJson(value);
  return text === undefined ? 'undefined' : text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** JSON, but with NaN and infinities as they are: `null` would be another mistake than the one that was made. */
function asJson(value: unknown): string | undefined {
  const named = (_: string, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? `number ${each}` : each;
  return JSON.stringify(value, named)?.replace(/"number (NaN|-?Infinity)"/g, '$1');
}
