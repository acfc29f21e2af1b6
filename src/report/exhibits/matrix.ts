import type { MatrixExhibit } from './contract.ts';
import { exhibitSection, type Seeds } from './seeds.ts';

export function matrixSection([{ exhibit }]: Seeds<MatrixExhibit>): string {
  return exhibitSection(exhibit, '');
}
