import type { z } from 'zod';

/**
 * What zod says of a field that an object may not have, and of what is no object.
 * @param known those that it may have
 */
export function unknownField(known: string) {
  return {
    error: (issue: z.core.$ZodRawIssue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown field ${issue.keys.map(key => JSON.stringify(key)).join(', ')}: expected ${known}`
        : 'expected an object',
  };
}
