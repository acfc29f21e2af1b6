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
  return section(escapeHtml(title), `${noted}<div class="card">${body}${lacks}</div>`);
}
