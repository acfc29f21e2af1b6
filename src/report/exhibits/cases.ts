import type { CasesExhibit } from './contract.ts';
import { exhibitSection, type Seeds } from './seeds.ts';

export function casesSection([{ exhibit }]: Seeds<CasesExhibit>): string {
  return exhibitSection(exhibit, '');
}
