import type { BarsExhibit, Role } from './contract.ts';
import { type Mean, meanOf } from './means.ts';
import { type Seeds, seedsText } from './seeds.ts';

/** An arm as all seeds have it. */
export interface BarOfSeeds {
  readonly name: string;
  readonly role: Role;
  /** Of the seeds that have a number. */
  readonly values: readonly number[];
  /** `undefined`: no seed has a number. */
  readonly mean: Mean | undefined;
}

export interface GroupOfSeeds {
  readonly name: string;
  readonly bars: readonly BarOfSeeds[];
}

/** Groups and bars by their names, and in words what some seeds lack. */
export function barsOverSeeds(seeds: Seeds<BarsExhibit>): {
  readonly groups: readonly GroupOfSeeds[];
  readonly missing: readonly string[];
} {
  const log = seeds[0].exhibit.x.log === true;
  const missing: string[] = [];
  const names = unique(seeds.flatMap(({ exhibit }) => exhibit.groups.map(({ name }) => name)));
  const groups = names.map(group => {
    const own = seeds.map(({ seed, exhibit }) => ({
      seed,
      bars: exhibit.groups.find(({ name }) => name === group)?.bars ?? [],
    }));
    const arms = unique(own.flatMap(({ bars }) => bars.map(({ name }) => name)));
    const bars = arms.flatMap((arm): BarOfSeeds[] => {
      const found = own.map(({ seed, bars }) => ({ seed, bar: bars.find(({ name }) => name === arm) }));
      const lacking = found.filter(({ bar }) => bar === undefined).map(({ seed }) => seed);
      const place = group === '' ? arm : `${group}, ${arm}`;
      if (lacking.length > 0) missing.push(`${place}: not in ${seedsText(lacking)}.`);
      const empty = found.filter(({ bar }) => bar !== undefined && !drawable(bar.value, log));
      const left = log ? 'no number above 0' : 'no number';
      if (empty.length > 0) missing.push(`${place}: ${left} in ${seedsText(empty.map(({ seed }) => seed))}.`);
      const role = found.find(({ bar }) => bar)?.bar?.role;
      if (role === undefined) return [];
      const values = found.flatMap(({ bar }) => (bar && drawable(bar.value, log) ? [bar.value] : []));
      return [{ name: arm, role, values, mean: values.length === 0 ? undefined : meanOf(values) }];
    });
    return { name: group, bars };
  });
  return { groups, missing };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
const drawable = (value: number | null, log: boolean): value is number =>
  value !== null && (!log || value > 0);
