import { asError } from '../../core/errors.ts';
import { described } from '../../core/places.ts';
import { Random } from '../../core/random.ts';
import type { Environment } from '../contract.ts';
import { describe, flatten, mismatch } from '../flatten.ts';
import { actionSize, box, dict, discrete, flatSize, multiDiscrete, type Space, sample } from '../spaces.ts';
import type { Findings, Rule } from './rules.ts';

/** What `checkValues` looks at. */
export const valueRules = [
  'runs',
  'spaces',
  'observationShape',
  'observationBounds',
  'finiteNumbers',
  'flags',
  'infoNames',
] as const satisfies readonly Rule[];

/** Plays a while and looks at every value. @returns whether the other checks can be run at all */
export function checkValues(environment: Environment, found: Findings, steps: number): boolean {
  const { observationSpace, actionSpace } = environment;
  for (const [name, space] of Object.entries({ observationSpace, actionSpace })) {
    const fault = spaceFault(space, name === 'actionSpace');
    if (fault) found.add('spaces', `${name}: ${fault}`);
  }
  if (found.has('spaces')) return false;
  const random = Random.fromSeed(1);
  try {
    let { observation, info } = environment.reset({ seed: 1 });
    const names = namesOf(info);
    checkObservation(observationSpace, observation, found);
    for (let k = 0; k < steps; k++) {
      const step = environment.step(sample(actionSpace, random));
      checkObservation(observationSpace, step.observation, found);
      if (!Number.isFinite(step.reward)) found.add('finiteNumbers', `reward = ${describe(step.reward)}`);
      for (const flag of ['terminated', 'truncated'] as const) {
        if (typeof step[flag] !== 'boolean') found.add('flags', `${flag} = ${describe(step[flag])}`);
      }
      checkInfo(names, step.info, found);
      if (!step.terminated && !step.truncated) continue;
      ({ observation, info } = environment.reset());
      checkObservation(observationSpace, observation, found);
      checkInfo(names, info, found);
    }
  } catch (error) {
    found.add('runs', described(error));
  }
  return !(['runs', 'observationShape', 'flags'] as const).some(rule => found.has(rule));
}

function checkObservation(space: Space, observation: unknown, found: Findings): void {
  const out = new Float32Array(flatSize(space));
  const wrong = mismatch(space, observation, 'observation');
  if (wrong === undefined) return;
  try {
    flatten(space, observation as never, out);
  } catch {
    found.add('observationShape', wrong);
    return;
  }
  found.add(out.every(Number.isFinite) ? 'observationBounds' : 'finiteNumbers', wrong);
}

function checkInfo(names: string, info: Readonly<Record<string, number>>, found: Findings): void {
  if (namesOf(info) !== names)
    found.add(
      'infoNames',
      `info has ${namesOf(info) || 'no names'}, the first reset gave ${names || 'none'}`,
    );
  for (const [name, value] of Object.entries(info ?? {})) {
    if (!Number.isFinite(value)) found.add('finiteNumbers', `info.${name} = ${describe(value)}`);
  }
}

const namesOf = (info: Readonly<Record<string, number>>): string =>
  Object.keys(info ?? {})
    .sort()
    .join(', ');

/** What is wrong with a space, in one line. */
function spaceFault(space: Space, isAction: boolean): string | undefined {
  try {
    const remade = remake(space);
    if (remade === undefined) return `kind = ${describe(space?.kind)}, expected a space`;
    if (isAction) actionSize(space);
    return plainDifference(space, remade);
  } catch (error) {
    return asError(error).message;
  }
}

/** Where plain data is not as expected, in one line; keys may come in any order. */
function plainDifference(seen: unknown, expected: unknown, at: readonly string[] = []): string | undefined {
  if (!isGroup(seen) || !isGroup(expected) || Array.isArray(seen) !== Array.isArray(expected))
    return Object.is(seen, expected)
      ? undefined
      : `${at.join('.')} = ${describe(seen)}, expected ${describe(expected)}`;
  for (const key of new Set([...Object.keys(expected), ...Object.keys(seen)])) {
    const difference = plainDifference(seen[key], expected[key], [...at, key]);
    if (difference) return difference;
  }
  return undefined;
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The same space through its maker, which checks it. */
function remake(space: Space): Space | undefined {
  switch (space?.kind) {
    case 'box':
      return box(space.shape, { low: space.low, high: space.high });
    case 'discrete':
      return discrete(space.n);
    case 'multiDiscrete':
      return multiDiscrete(space.sizes);
    case 'dict': {
      const parts = Object.entries(space.spaces).map(([name, part]) => [name, remake(part)] as const);
      if (parts.some(([, part]) => part === undefined)) return undefined;
      return dict(Object.fromEntries(parts) as Record<string, Space>);
    }
    default:
      return undefined;
  }
}
