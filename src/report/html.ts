/** Text for a page: whatever a name or a caption holds, it stays text. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

/** A sentence for a page, with what stands in backticks as code. */
export const proseHtml = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** Data for a script element of a page: JSON in which no end of the element can stand. */
export const scriptJson = (data: unknown): string => JSON.stringify(data).replaceAll('<', '\\u003c');

/** A figure for people: three significant digits where there is a fraction, thousands apart. */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6 || (size < 1e-3 && size > 0))
    return Number(value.toPrecision(3)).toExponential().replace('e+', 'e');
  if (Number.isInteger(value) || size >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(size >= 100 ? 4 : 3)));
}

/** A bar, with every digit that its author gave it: rounded, it would be another bar. */
export function barText(value: number): string {
  const size = Math.abs(value);
  return size >= 1e6 || (size < 1e-3 && size > 0)
    ? value.toExponential().replace('e+', 'e')
    : value.toLocaleString('en', { maximumFractionDigits: 12 });
}

/** Seconds for people. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
