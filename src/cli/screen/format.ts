/** `1,234,567` */
export const count = (n: number): string => Math.round(n).toLocaleString('en-US');

/** Steps a second; two digits of few, where a step is a whole episode. */
export const pace = (n: number): string => `${n >= 10 ? count(n) : Number(n.toPrecision(2))} steps/s`;

/** A figure with about four digits that say something. */
export function figure(n: number): string {
  if (!Number.isFinite(n)) return String(n);
  const size = Math.abs(n);
  if (size >= 1000) return count(n);
  if (Number.isInteger(n)) return String(n);
  if (size >= 100) return n.toFixed(1);
  if (size >= 1) return n.toFixed(2);
  if (size >= 0.001) return n.toFixed(3);
  return n.toExponential(1);
}

/** `0:42`, `12:05`, `1:02:33` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

const blocks = '▁▂▃▄▅▆▇█';

/** A curve in one line of at most `width` characters: each shows the mean of its share of the values. */
export function sparkline(values: readonly number[], width: number): string {
  const seen = values.filter(value => Number.isFinite(value));
  if (seen.length === 0 || width < 1) return '';
  const cells = Math.min(width, seen.length);
  const means = Array.from({ length: cells }, (_, cell) => {
    const part = seen.slice(
      Math.floor((cell * seen.length) / cells),
      Math.floor(((cell + 1) * seen.length) / cells),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const low = Math.min(...means);
  const range = Math.max(...means) - low;
  return means
    .map(mean => blocks[range === 0 ? 0 : Math.min(7, Math.floor(((mean - low) / range) * 8))])
    .join('');
}

/** A bar of `width` characters, filled to a share of it in half steps. */
export function bar(share: number, width: number): { filled: string; rest: string } {
  const halves = Math.round(Math.min(1, Math.max(0, share)) * width * 2);
  const filled = '━'.repeat(halves >> 1) + (halves % 2 === 1 ? '╸' : '');
  return { filled, rest: '─'.repeat(width - filled.length) };
}
