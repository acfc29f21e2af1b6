export type {
  Bar,
  BarsExhibit,
  CasesExhibit,
  ImagesExhibit,
  LineMark,
  LineSeries,
  LineShade,
  LinesExhibit,
  LinesPanel,
  MatrixExhibit,
  MatrixGroup,
  Role,
  TimelineExhibit,
  TimelinePanel,
  TimelineSpan,
  Value,
} from './contract.ts';
export { pixelsOf } from './contract.ts';
