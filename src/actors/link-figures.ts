import type { LinkMetrics } from './contract.ts';

/**
 * How the links of a system stand, as figures by name: messages that wait in them, that were dropped, and how often and
 * how long producers stood still. The copies of a group count together.
 */
export function linkFigures(links: readonly LinkMetrics[]): Record<string, number> {
  const figures: Record<string, number> = {};
  const add = (name: string, value: number) => {
    figures[name] = (figures[name] ?? 0) + value;
  };
  for (const { link, depth, sent, received, dropped, waits, waitedMs } of links) {
    if (depth === 0) continue; // An output that nobody is linked to.
    const name = link
      .replace(/\/\d+\./g, '.')
      .replace(' → ', '_to_')
      .replace(/[^a-zA-Z0-9]+/g, '_');
    add(`${name}_queued`, sent - received - dropped);
    add(`${name}_dropped`, dropped);
    add(`${name}_waits`, waits);
    add(`${name}_waited_ms`, waitedMs);
  }
  return figures;
}
