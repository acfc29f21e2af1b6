import { parseHTML } from 'linkedom';

export interface Element {
  readonly textContent: string;
  readonly outerHTML: string;
  getAttribute(name: string): string | null;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  querySelectorAll(selector: string): Iterable<Element> & { readonly length: number };
  querySelector(selector: string): Element | null;
}

/** What should never stand in a page, with its surroundings. */
export const broken = (page: string): string[] =>
  [...page.matchAll(/.{0,30}\b(?:NaN|undefined|Infinity|null|\[object)\b.{0,30}/g)].map(([found]) => found);

/** The pictures of a page: how many, and what is wrong with them. */
export function svgsOf(page: string): { readonly pictures: number; readonly problems: string[] } {
  const { document } = parseHTML(page) as unknown as { document: Element };
  const problems: string[] = [];
  const svgs = [...document.querySelectorAll('svg')];
  for (const svg of svgs) {
    const [, , width, height] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
    if (!(width > 0 && height > 0)) problems.push(`viewBox ${svg.getAttribute('viewBox')}`);
    if (svg.getAttribute('aria-label') === null) problems.push('a picture without words for it');
    const ids = new Set([...svg.querySelectorAll('[id]')].map(element => element.getAttribute('id')));
    for (const element of svg.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (name === 'clip-path' && !ids.has(value.slice('url(#'.length, -1))) problems.push(value);
      }
    }
    for (const mark of svg.querySelectorAll('circle')) {
      const x = Number(mark.getAttribute('cx'));
      const y = Number(mark.getAttribute('cy'));
      if (!(x >= 0 && x <= width && y >= -1 && y <= height)) problems.push(`a dot at ${x}, ${y}`);
    }
  }
  return { pictures: svgs.length, problems };
}
