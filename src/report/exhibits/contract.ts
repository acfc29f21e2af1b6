/**
 * What a scenario hands over for pictures in its report. Numbers that are not finite become null in the file and gaps in
 * a picture. Of several seeds, exhibits of the same name and kind are drawn together.
 */

/** What an arm is in a comparison; it gives its colour. A control must fail; a bound is what nobody is expected to beat, drawn dashed. */
export type Role = 'method' | 'baseline' | 'control' | 'bound';

interface Titled {
  readonly title: string;
  /** What to see in it, in a sentence or two. */
  readonly note?: string | undefined;
}

/** A number, or that there is none. */
export type Value = number | null;

/** A vertical line at a moment, such as where training has converged. */
export interface LineMark {
  readonly x: number;
  readonly label: string;
}

/** A stretch of the x axis that is shaded, such as what was seen before a prediction. */
export interface LineShade {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** A curve of an arm. Series of the same name have the same colour in every panel. */
export interface LineSeries {
  readonly name: string;
  readonly role?: Role | undefined;
  /** `[x, y]`, in any order. A single point of a bound is a level over the whole width. */
  readonly points: readonly (readonly [x: number, y: Value])[];
}

/** One picture of the small multiples; all of them have the same axes. */
export interface LinesPanel {
  readonly title: string;
  readonly series: readonly LineSeries[];
  readonly marks?: readonly LineMark[] | undefined;
  /** Of several seeds: the first one's. */
  readonly shaded?: readonly LineShade[] | undefined;
}

/**
 * Curves. Of several seeds: a thin line a seed, their mean, and its 95 % t interval as a band. Or, with `scatter`, points:
 * one a pair of figures, of all seeds.
 */
export interface LinesExhibit extends Titled {
  readonly kind: 'lines';
  readonly scatter?: boolean | undefined;
  readonly x: { readonly label: string; readonly log?: boolean | undefined };
  readonly y: {
    readonly label: string;
    /** Where the axis starts at the latest. */
    readonly from?: number | undefined;
    readonly log?: boolean | undefined;
  };
  readonly panels: readonly LinesPanel[];
}

/** What an arm came to. */
export interface Bar {
  readonly name: string;
  readonly role: Role;
  readonly value: Value;
}

/**
 * Arms beside each other. Of several seeds: a dot a seed, the mean with its 95 % t interval, and the number. Bars stand on
 * 0; on an axis that is logarithmic or starts elsewhere, only their ends are drawn.
 */
export interface BarsExhibit extends Titled {
  readonly kind: 'bars';
  readonly x: {
    readonly label: string;
    readonly from?: number | undefined;
    readonly log?: boolean | undefined;
  };
  /** Printed behind the numbers, e.g. `%`. */
  readonly unit?: string | undefined;
  readonly groups: readonly { readonly name: string; readonly bars: readonly Bar[] }[];
}

/** Rows and columns that were put together, by their names. Groups may overlap. */
export interface MatrixGroup {
  readonly name: string;
  readonly members: readonly string[];
}

/** A matrix as coloured cells, 0 without a colour. Of several seeds: the mean, and each seed's groups. */
export interface MatrixExhibit extends Titled {
  readonly kind: 'matrix';
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** A row each. */
  readonly values: readonly (readonly Value[])[];
  /** The size of a value that has the full colour. Default: the largest. */
  readonly scale?: number | undefined;
  readonly unit?: string | undefined;
  /** What a row and a column are, as in `is helped` and `helps`. */
  readonly axes?: { readonly row: string; readonly column: string } | undefined;
  readonly groups?: readonly MatrixGroup[] | undefined;
}

/** A sheet of small images. Of several seeds: the first, the others folded away. */
export interface ImagesExhibit extends Titled {
  readonly kind: 'images';
  /** Images side by side; a row that has more goes on below. */
  readonly columns: number;
  /** One above each column. */
  readonly heads?: readonly string[] | undefined;
  /** Of every image, in pixels. */
  readonly width: number;
  readonly height: number;
  /** 1: grey, the default. 3: red, green, blue, pixel after pixel. */
  readonly channels?: 1 | 3 | undefined;
  /** Images as base64 of their bytes, row after row of pixels, 0 black and 255 white: `pixelsOf` makes them. */
  readonly rows: readonly { readonly label: string; readonly images: readonly string[] }[];
}

/** A small table. Of several seeds: the first, the others folded away. */
export interface CasesExhibit extends Titled {
  readonly kind: 'cases';
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | Value)[])[];
}

/** What a lane of a timeline did from when to when. */
export interface TimelineSpan {
  /** One of the panel's. */
  readonly lane: string;
  /** One of the exhibit's. */
  readonly phase: string;
  readonly from: number;
  readonly to: number;
  /** Printed in the bar where it fits, such as the number of what was worked on. */
  readonly label?: string | undefined;
}

/** Lanes below each other, from the first moment of any to the last. */
export interface TimelinePanel {
  readonly title: string;
  readonly lanes: readonly string[];
  readonly spans: readonly TimelineSpan[];
}

/**
 * Who worked when: a row a lane, a bar a span, and what share of the time it stood idle. All panels have one axis, from 0. Of
 * several seeds: the first, the others folded away.
 */
export interface TimelineExhibit extends Titled {
  readonly kind: 'timeline';
  /** What time is counted in, e.g. `ms`. */
  readonly unit: string;
  /** At most three, in the order of their tones: strong, pale, and another colour. */
  readonly phases: readonly string[];
  readonly panels: readonly TimelinePanel[];
}

/** The exhibits that are drawn here. */
export type Drawn =
  | LinesExhibit
  | BarsExhibit
  | MatrixExhibit
  | ImagesExhibit
  | CasesExhibit
  | TimelineExhibit;

/** Pixels for an images exhibit. @param values from `low` (black) to `high` (white); beyond them they are cut */
export function pixelsOf(values: ArrayLike<number>, low = 0, high = 255): string {
  const bytes = Uint8Array.from(values, value =>
    Math.round(Math.min(1, Math.max(0, (value - low) / (high - low))) * 255),
  );
  return Buffer.from(bytes).toString('base64');
}
