import type { Role } from './contract.ts';

/** How an arm is drawn, alike in every picture of an exhibit. */
export interface Look {
  readonly role: Role | undefined;
  /** A CSS colour. */
  readonly color: string;
  /** Of strokes. `undefined`: drawn through. */
  readonly dash: string | undefined;
  readonly symbol: Symbols;
}
type Symbols = 'circle' | 'square' | 'triangle' | 'diamond' | 'star';

const symbols: readonly Symbols[] = ['circle', 'square', 'triangle', 'diamond', 'star'];
const colors: { readonly [R in Role]: readonly string[] } = {
  method: ['--method', '--method-2', '--method-3'],
  baseline: ['--baseline', '--baseline-2', '--baseline-3'],
  control: ['--control'],
  bound: ['--ink'],
};
/** Dashes tell arms of a role apart where colours do not. */
const dashes: { readonly [R in Role]: readonly (string | undefined)[] } = {
  method: [undefined, '9 3', '3 3', '9 3 3 3'],
  baseline: [undefined, '9 3', '3 3', '9 3 3 3'],
  control: ['6 3', '2 3', '9 3 2 3', '12 4'],
  bound: ['5 5', '1 5'],
};
/** Of arms that have no role. Only the first two are told apart with any sight: dashes help the others. */
const plain = ['--method', '--baseline', '--method-2', '--baseline-2', '--method-3', '--baseline-3'];

/** The colour of arms whose names stand beside them. */
export const colorOfRole = (role: Role): string => `var(${colors[role][0]})`;

const turn = <T>(all: readonly T[], i: number): T => all[i % all.length];

/** A look each, by name. Arms of a role differ in colour, dash and symbol, in the order in which they come. */
export function looksOf(
  arms: Iterable<{ readonly name: string; readonly role?: Role | undefined }>,
): ReadonlyMap<string, Look> {
  const looks = new Map<string, Look>();
  const counts = new Map<Role | undefined, number>();
  for (const { name, role } of arms) {
    if (looks.has(name)) continue;
    const i = counts.get(role) ?? 0;
    counts.set(role, i + 1);
    const color = turn(role ? colors[role] : plain, i);
    const dash = role ? turn(dashes[role], i) : turn(dashes.method, Math.floor(i / 2));
    looks.set(name, { role, color: `var(${color})`, dash, symbol: turn(symbols, i) });
  }
  return looks;
}
