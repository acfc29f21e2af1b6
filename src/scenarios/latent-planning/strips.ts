import type { PlanetConfig } from '../../learners/planet/config.ts';
import type { ImagesExhibit } from '../../report/exhibits/index.ts';
import type { OpenLoopExample, OpenLoops } from './imagined.ts';
import { type Color, framed, ofDifference, ofPicture, type Picture } from './pictures.ts';

/** Of all imagined frames, every so many are shown. */
const every = 5;
const seenColor: Color = [47, 111, 176];
const imaginedColor: Color = [217, 119, 6];
/** A picture of so few pixels is drawn twice as large. */
const small = 40;

type View = Pick<PlanetConfig, 'side' | 'channels'>;

/** Frames after the context that a strip shows: the first, then every fifth. */
export function shownFrames(horizon: number): readonly number[] {
  const frames = [];
  for (let t = every; t <= horizon; t += every) frames.push(t);
  return frames.length > 0 ? frames : [horizon];
}

/**
 * Strips of what came, what was imagined without looking, and the difference: the picture of Hafner et al. 2019. Frames that
 * were seen are framed in blue, imagined ones in orange.
 */
export function stripsExhibit(loops: OpenLoops, view: View, title: string): ImagesExhibit {
  const { context, horizon, examples } = loops;
  const frames = shownFrames(horizon);
  const scale = view.side <= small ? 2 : 1;
  const rim = scale;
  const sideOf = view.side * scale + 2 * rim;
  return {
    kind: 'images',
    title,
    note:
      `The first ${context} frames (blue) are seen; from there on the model imagines what its eyes are closed to, along the ` +
      'actions that were taken (orange). Difference: red where the truth is darker than what was imagined, blue where it is lighter.',
    columns: context + frames.length,
    heads: [...Array.from({ length: context }, (_, t) => `seen ${t + 1}`), ...frames.map(t => `+${t}`)],
    width: sideOf,
    height: sideOf,
    channels: 3,
    rows: examples.flatMap(example => rowsOf(example, loops, frames, view, { scale, rim })),
  };
}

function rowsOf(
  example: OpenLoopExample,
  { context }: OpenLoops,
  frames: readonly number[],
  view: View,
  { scale, rim }: { readonly scale: number; readonly rim: number },
) {
  const size = view.side * view.side * view.channels;
  const at = (values: Float32Array, t: number): Float32Array => values.subarray(t * size, (t + 1) * size);
  const shown = (picture: Picture, color: Color): string => framed(picture, scale, rim, color);
  const seen = Array.from({ length: context }, (_, t) =>
    shown(ofPicture(at(example.seen, t), view), seenColor),
  );
  const nothing = Array.from({ length: context }, (_, t) => {
    const picture = at(example.seen, t);
    return shown(ofDifference(picture, picture, view), seenColor);
  });
  const strip = (before: readonly string[], picture: (t: number) => Picture): readonly string[] => [
    ...before,
    ...frames.map(t => shown(picture(t - 1), imaginedColor)),
  ];
  const { episode, from, truth, imagined } = example;
  return [
    {
      label: `${from === 0 ? `episode ${episode + 1}` : `episode ${episode + 1}, row ${from}`}: truth`,
      images: strip(seen, t => ofPicture(at(truth, t), view)),
    },
    { label: 'imagined', images: strip(seen, t => ofPicture(at(imagined, t), view)) },
    { label: 'difference', images: strip(nothing, t => ofDifference(at(truth, t), at(imagined, t), view)) },
  ];
}
