import { usageError } from '../../core/errors.ts';

/** The sixteen names of HTML; others are written as hexadecimal. */
const named: Readonly<Record<string, string>> = {
  black: '#000000',
  silver: '#c0c0c0',
  gray: '#808080',
  white: '#ffffff',
  maroon: '#800000',
  red: '#ff0000',
  purple: '#800080',
  fuchsia: '#ff00ff',
  green: '#008000',
  lime: '#00ff00',
  olive: '#808000',
  yellow: '#ffff00',
  navy: '#000080',
  blue: '#0000ff',
  teal: '#008080',
  aqua: '#00ffff',
};

/**
 * Red, green and blue of a colour as CSS writes it: `#rgb`, `#rrggbb`, `rgb(r, g, b)` or one of HTML's sixteen names.
 * @returns bytes, red in the highest of three
 * @throws a usage error for any other text
 */
export function parseColor(color: string): number {
  const text = named[color.toLowerCase()] ?? color;
  if (/^#[0-9a-f]{6}$/i.test(text)) return Number.parseInt(text.slice(1), 16);
  if (/^#[0-9a-f]{3}$/i.test(text)) {
    const [r, g, b] = [...text.slice(1)].map(digit => 17 * Number.parseInt(digit, 16));
    return packed(r, g, b);
  }
  const parts = /^rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)$/i.exec(text);
  const [r, g, b] = (parts ?? []).slice(1).map(Number);
  if (parts && r < 256 && g < 256 && b < 256) return packed(r, g, b);
  throw usageError(
    `scene: color = ${color}, expected #rgb, #rrggbb, rgb(r, g, b) or one of HTML's sixteen names`,
  );
}

const packed = (r: number, g: number, b: number): number => r * 65536 + g * 256 + b;

/** How bright a colour looks, 0 to 255, by the weights of ITU-R BT.601. */
export const greyOf = (color: number): number =>
  Math.round(0.299 * (color >> 16) + 0.587 * ((color >> 8) & 255) + 0.114 * (color & 255));
