import type { BarsExhibit } from './contract.ts';
import { exhibitSection, type Seeds } from './seeds.ts';

export function barsSection([{ exhibit }]: Seeds<BarsExhibit>): string {
  return exhibitSection(exhibit, '');
}
