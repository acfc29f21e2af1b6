import type { Io, Terminal } from '../io.ts';

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};
type Name = keyof typeof codes;

/** Paints text for a terminal, or leaves it as it is. */
export type Style = Readonly<Record<Name, (text: string) => string>>;

/** Colours on a terminal, unless `NO_COLOR` says no (https://no-color.org); `FORCE_COLOR` turns them on elsewhere. */
export function styleFor(terminal: Terminal, { env }: Pick<Io, 'env'>): Style {
  const wanted = env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : terminal.isTTY === true;
  const on = wanted && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const paint =
    ([start, end]: number[]) =>
    (text: string) =>
      on && text !== '' ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  const painters = Object.entries(codes).map(([name, code]) => [name, paint(code)]);
  return Object.fromEntries(painters) as Style;
}

/** How many columns a text takes: without colours. Every character we print is one column wide. */
export const widthOf = (text: string): number => [...plain(text)].length;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
export const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

/** Cuts a text to so many columns; colours that were on are ended. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let result = '';
  let left = columns - 1;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
  for (const [piece] of text.matchAll(/\u001b\[[0-9;]*m|./gu)) {
    if (piece.startsWith('\u001b')) result += piece;
    else if (left > 0) {
      result += piece;
      left--;
    }
  }
  return `${result}…`;
}
