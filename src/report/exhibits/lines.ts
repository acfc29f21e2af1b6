import type { LinesExhibit } from './contract.ts';
import { exhibitSection, type Seeds } from './seeds.ts';

export function linesSection([{ exhibit }]: Seeds<LinesExhibit>): string {
  return exhibitSection(exhibit, '');
}
