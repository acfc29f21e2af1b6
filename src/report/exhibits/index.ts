export type {
  Bar,
  BarsExhibit,
  CasesExhibit,
  ImagesExhibit,
  LineMark,
  LineSeries,
  LinesExhibit,
  LinesPanel,
  MatrixExhibit,
  MatrixGroup,
  Role,
  Value,
} from './contract.ts';
export { pixelsOf } from './contract.ts';
