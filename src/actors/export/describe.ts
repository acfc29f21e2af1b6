import { boundsOf, flatSize, type Space } from '../../env/spaces.ts';
import type { ExportedPolicy, PolicyGraphs } from './policy-graph.ts';

/** A stretch of the flat numbers of a value: box elements as they are, a choice as one-hot. */
export interface FlatPart {
  /** Where it stands in the space, e.g. `goal.position`; empty for the space itself. */
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly holds: 'numbers' | 'one-hot';
}

/** How a value of a space lies in its flat numbers: what whoever feeds an exported policy has to do. */
export function flatParts(space: Space, name = '', offset = 0): FlatPart[] {
  switch (space.kind) {
    case 'box':
      return [{ name, offset, size: flatSize(space), holds: 'numbers' }];
    case 'discrete':
      return [{ name, offset, size: space.n, holds: 'one-hot' }];
    case 'multiDiscrete': {
      let at = offset;
      return space.sizes.map((size, k) => {
        at += size;
        return { name: `${name}[${k}]`, offset: at - size, size, holds: 'one-hot' };
      });
    }
    case 'dict': {
      let at = offset;
      return Object.entries(space.spaces).flatMap(([key, part]) => {
        at += flatSize(part);
        return flatParts(part, name === '' ? key : `${name}.${key}`, at - flatSize(part));
      });
    }
  }
}

/** What comes out, in words. */
export function actionWords(space: Space, drawn: boolean): string {
  const how = drawn ? ', drawn with the noise' : '';
  switch (space.kind) {
    case 'box': {
      const { low, high } = boundsOf(space);
      const cut = [...low, ...high].some(Number.isFinite) ? 'cut to the bounds of the space' : 'unbounded';
      return `real numbers${how}, ${cut}: the environment takes them as they are`;
    }
    case 'discrete':
      return `a whole number, 0 to ${space.n - 1}${how}`;
    default:
      return `whole numbers, one a choice${how}`;
  }
}

/**
 * What a file says about the policy in it, as texts; those with structure are JSON.
 * @param about what the caller knows beside the policy: the scenario, the seed, …
 */
export function policyFacts(
  { policy }: ExportedPolicy,
  { noise, parameters }: PolicyGraphs,
  about: Readonly<Record<string, string>>,
): Record<string, string> {
  const { observation, action } = policy.spaces;
  const prefix = 'normalizer.';
  const statistics = parameters.filter(({ path }) => path.startsWith(prefix));
  const normalization = {
    inside: true,
    observations: 'raw',
    ...Object.fromEntries(statistics.map(({ path, data }) => [path.slice(prefix.length), [...data]])),
  };
  const bounds = action.kind === 'box' ? boundsOf(action) : undefined;
  const finite = (values: Float64Array) =>
    Array.from(values, value => (Number.isFinite(value) ? value : null));
  return {
    ...about,
    policy: policy.name,
    observation_space: JSON.stringify(observation),
    observation_layout: JSON.stringify(flatParts(observation)),
    action_space: JSON.stringify(action),
    actions: actionWords(action, noise !== undefined),
    ...(bounds && {
      action_bounds: JSON.stringify({ applied: true, low: finite(bounds.low), high: finite(bounds.high) }),
    }),
    ...(noise && { noise: JSON.stringify({ ...noise, each: 'a row of its own' }) }),
    normalization: JSON.stringify(normalization),
  };
}
