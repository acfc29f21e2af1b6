import { escapeHtml, proseHtml } from '../html.ts';
import { section } from '../page.ts';

/** What one seed left of an exhibit. */
export interface OfSeed<E> {
  readonly seed: number;
  readonly exhibit: E;
}

/** An exhibit as all seeds left it, the first that has it first. */
export type Seeds<E> = readonly [OfSeed<E>, ...OfSeed<E>[]];

/** An exhibit's section: its picture in a card, what to see in it, and what is missing. @param body HTML */
export function exhibitSection(
  { title, note }: { readonly title: string; readonly note?: string | undefined },
  body: string,
  missing: readonly string[] = [],
): string {
  const noted = note === undefined ? '' : `<p class="note">${proseHtml(note)}</p>`;
  const lacks = missing.map(line => `<p class="lacks">${escapeHtml(line)}</p>`).join('');
  return section(escapeHtml(title), `${noted}<div class="card exhibit">${body}${lacks}</div>`);
}

/** The other seeds' part of an exhibit, folded away; nothing where there is one seed. @param each HTML of one */
export function folded<E>([, ...others]: Seeds<E>, each: (exhibit: E) => string): string {
  if (others.length === 0) return '';
  const shown = others.map(({ seed, exhibit }) => `<h4>Seed ${seed}</h4>${each(exhibit)}`).join('\n');
  const word = others.length === 1 ? 'The other seed' : `The other ${others.length} seeds`;
  return `<details class="others"><summary>${word}</summary>${shown}</details>`;
}

/** `seed 3`, `seeds 1 and 3` */
export function seedsText(seeds: readonly number[]): string {
  if (seeds.length === 1) return `seed ${seeds[0]}`;
  return `seeds ${seeds.slice(0, -1).join(', ')} and ${seeds[seeds.length - 1]}`;
}
