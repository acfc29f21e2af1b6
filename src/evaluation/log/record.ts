import { z } from 'zod';
import { parseOrThrow } from '../../core/errors.ts';
import { designSchema } from '../assignment/design.ts';
import { unknownField } from '../assignment/unknown-field.ts';
import type { LogRecord } from '../contract.ts';

const text = z.string('expected a text').min(1, 'expected a text of at least one character');
const wholeNumber = 'expected a whole number, at least 0';
const index = z.number(wholeNumber).int(wholeNumber).min(0, wholeNumber);
const trialId = { trial: text, unit: text, index };

const record = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject(
    { type: z.literal(type), ...shape },
    unknownField(['type', ...Object.keys(shape)].join(', ')),
  );

/** The schema of one record alone. What it may be after those before it, `LogRules` knows. */
export const logRecordSchema = z.discriminatedUnion(
  'type',
  [
    record('opened', {
      design: designSchema,
      designHash: text,
      seed: z.number('expected a safe integer').int('expected a safe integer'),
    }),
    record('assigned', { ...trialId, arm: text.optional() }),
    record('outcome', {
      ...trialId,
      status: z.enum(['done', 'failed'], 'expected "done" or "failed"'),
      // Their kinds stand in the design: the rules check them.
      metrics: z.record(
        z.string(),
        z.custom<number>(() => true),
      ),
      strata: z.record(z.string(), text),
      reason: z.string('expected a text').optional(),
    }),
    record('revealed', { trial: text, arm: text }),
    record('stopped', {
      reason: z.enum(['fixed', 'settled', 'cap'], 'expected "fixed", "settled" or "cap"'),
      trials: index,
    }),
  ],
  'expected a type "opened", "assigned", "outcome", "revealed" or "stopped"',
) satisfies z.ZodType<LogRecord>;

/**
 * A record from outside.
 * @param where its file and line
 * @throws a usage error that names field, value and expectation
 */
export const parseRecord = (input: unknown, where: string): LogRecord =>
  parseOrThrow(logRecordSchema, input, where);
