import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { PolicyRef } from '../actors/policy.ts';
import { readPolicy, type StoredPolicy } from '../actors/policy-files.ts';
import { usageError } from '../core/errors.ts';
import { placeOf } from './runner/command-line.ts';

/**
 * The policy of another run, for one that goes on with its parameters (`--init`): they must mean the same in both.
 * @param init the other run's folder
 * @param expected the policy of the run that starts
 * @throws a usage error that says which of its properties differs, what it is, and what was expected
 */
export async function policyToStartFrom(init: string, expected: PolicyRef): Promise<Required<StoredPolicy>> {
  const stored = await readPolicy(join(init, 'policy'));
  const [found, wanted] = [propertiesOf(stored.policy), propertiesOf(expected)];
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
    if (isDeepStrictEqual(found[name], wanted[name])) continue;
    const [has, needs] = [found[name], wanted[name]].map(value => JSON.stringify(value) ?? 'none');
    throw usageError(
      `--init ${placeOf(init)}: its policy has ${name} = ${has}, expected ${needs} as in this run`,
    );
  }
  return stored;
}

/** What decides the meaning of a policy's parameters, by name, as JSON holds it. */
function propertiesOf({ module, name, config, spaces }: PolicyRef): Record<string, unknown> {
  // Where its actions' deviation starts says nothing once there are parameters.
  const { initialLogStd: _, ...shape } = config;
  const parts = {
    policy: name,
    module,
    observation: JSON.parse(JSON.stringify(spaces.observation, withoutBounds)),
    action: spaces.action,
    ...shape,
  };
  return JSON.parse(JSON.stringify(parts)) as Record<string, unknown>;
}

/** Bounds of observations are for people: an environment with wider ones may go on with what was learnt in it. */
const withoutBounds = (key: string, value: unknown): unknown => {
  const isBound = typeof value !== 'object' || value === null || Array.isArray(value);
  return (key === 'low' || key === 'high') && isBound ? undefined : value;
};
