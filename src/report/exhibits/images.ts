import type { ImagesExhibit } from './contract.ts';
import { exhibitSection, type Seeds } from './seeds.ts';

export function imagesSection([{ exhibit }]: Seeds<ImagesExhibit>): string {
  return exhibitSection(exhibit, '');
}
