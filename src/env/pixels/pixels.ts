import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { type Arrays, assertArrays, copyArrays, restoreArrays } from '../columns.ts';
import type { ActionColumn, EnvironmentRef, Snapshot, VectorEnvironment } from '../contract.ts';
import { defineEnvironment, environmentRef, loadEnvironment } from '../define.ts';
import { type ActionSpace, type Box, box } from '../spaces.ts';
import { Rasteriser } from './rasteriser.ts';
import { views } from './views.ts';

const metres = z.number();

const pixelOptions = z.strictObject({
  environment: z
    .strictObject({
      module: z.string().min(1).describe('URL of the module that exports the definition.'),
      name: z.string().min(1),
      options: z.record(z.string(), z.unknown()).default({}),
    })
    .describe('The environment to look at; it must have `render` and `onEnd`.'),
  size: z.number().int().min(8).max(256).default(64).describe('Pixels a side.'),
  colors: z.enum(['grey', 'rgb']).default('grey').describe('One byte a pixel, or three.'),
  frames: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(1)
    .describe('How many pictures an observation holds: the last ones, so that speeds can be seen.'),
  view: z
    .strictObject({
      span: metres.positive().describe('Metres from one edge of the picture to the other.'),
      center: z
        .tuple([metres, metres, metres])
        .optional()
        .describe('What stays in the middle. Default: what the scene looks at, as it moves.'),
    })
    .optional()
    .describe("How much is in the picture. Default: the task's own view, or what films show."),
});
type PixelOptions = z.output<typeof pixelOptions>;

/**
 * Another environment, seen as small pictures of what it renders: same actions, rewards, ends, info and scenes.
 *
 * Observations have the shape [size, size, frames × channels], row by row from the top, the latest picture last among a
 * pixel's numbers; each is a byte, 0 to 255. An episode begins with its first picture in every place. Pictures are drawn by
 * `Rasteriser`.
 */
export const pixelEnvironment = defineEnvironment(import.meta.url, {
  name: 'pixels',
  summary: 'Another environment, seen as small pictures of what it renders.',
  options: pixelOptions,
  makeVector: async (options, count) => {
    const inner = await loadEnvironment(options.environment, count);
    try {
      return new PixelVector(inner, options);
    } catch (error) {
      inner.close();
      throw error;
    }
  },
});

/** What `pixels` takes beside the environment. */
export type PixelsOptions = Omit<z.input<typeof pixelOptions>, 'environment'>;

/**
 * A reference to an environment that is seen as small pictures.
 *
 * ```ts
 * const environment = pixels(environmentRef(cartPoleSwingUp), { size: 32, frames: 2 });
 * ```
 * @throws a usage error when an option is wrong
 */
export const pixels = (environment: EnvironmentRef, options: PixelsOptions = {}): EnvironmentRef =>
  environmentRef(pixelEnvironment, { ...options, environment: { ...environment } });

class PixelVector implements VectorEnvironment<Box> {
  readonly autoreset = 'same-step';
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: ActionSpace;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly info: Readonly<Record<string, Float32Array>>;
  readonly render: (index: number) => ReturnType<NonNullable<VectorEnvironment['render']>>;
  readonly snapshot?: () => Snapshot;
  readonly restore?: (snapshot: Snapshot) => void;
  readonly #inner: VectorEnvironment;
  readonly #rasteriser: Rasteriser;
  /** Numbers of one observation, and of them those of one pixel. */
  readonly #length: number;
  readonly #depth: number;
  /** The observations as bytes: a quarter of the room in snapshots. */
  readonly #bytes: Arrays & { readonly observations: Uint8Array; readonly finalObservations: Uint8Array };
  readonly #ended: Uint8Array;
  #look: (index: number) => void = () => {};

  constructor(inner: VectorEnvironment, options: PixelOptions) {
    const { size, colors, frames, environment } = options;
    const { render, onEnd, snapshot, restore } = inner;
    if (!render || !onEnd)
      throw usageError(
        `environment pixels: ${environment.name} has no ${render ? 'onEnd' : 'render'}, expected both render and onEnd`,
      );
    this.#inner = inner;
    const view = options.view ?? views[environment.name];
    this.#rasteriser = new Rasteriser({ size, colors, ...(view && { view }) });
    this.#depth = frames * this.#rasteriser.channels;
    this.#length = size * size * this.#depth;
    this.count = inner.count;
    this.observationSpace = box([size, size, this.#depth], { low: 0, high: 255 });
    ({
      actionSpace: this.actionSpace,
      rewards: this.rewards,
      terminated: this.terminated,
      truncated: this.truncated,
      info: this.info,
    } = inner);
    const total = this.count * this.#length;
    this.observations = new Float32Array(total);
    this.finalObservations = new Float32Array(total);
    this.#bytes = { observations: new Uint8Array(total), finalObservations: new Uint8Array(total) };
    this.#ended = new Uint8Array(this.count);
    this.render = index => render.call(inner, index);
    if (snapshot && restore) {
      this.snapshot = () => ({ environment: snapshot.call(inner), ...copyArrays(this.#bytes) });
      this.restore = from => {
        assertArrays(this.#bytes, from);
        restore.call(inner, (from as { readonly environment: Snapshot }).environment);
        restoreArrays(this.#bytes, from);
        this.observations.set(this.#bytes.observations);
        this.finalObservations.set(this.#bytes.finalObservations);
      };
    }
    onEnd.call(inner, index => this.#end(index));
    for (let i = 0; i < this.count; i++) this.#begin(i);
  }

  reset(options?: { readonly seed?: number }): void {
    this.#inner.reset(options);
    this.#bytes.finalObservations.fill(0);
    this.finalObservations.fill(0);
    for (let i = 0; i < this.count; i++) this.#begin(i);
  }

  step(actions: ActionColumn<ActionSpace>): void {
    this.#ended.fill(0);
    this.#inner.step(actions);
    for (let i = 0; i < this.count; i++) {
      if (this.#ended[i] === 1) {
        this.#begin(i);
      } else {
        this.#push(i, this.#bytes.observations);
        this.#spread(i, this.#bytes.observations, this.observations);
      }
    }
  }

  onEnd(look: (index: number) => void): void {
    this.#look = look;
  }

  close(): void {
    this.#inner.close();
  }

  #end(i: number): void {
    const { observations, finalObservations } = this.#bytes;
    const from = i * this.#length;
    for (let k = from; k < from + this.#length; k++) finalObservations[k] = observations[k];
    this.#push(i, finalObservations);
    this.#spread(i, finalObservations, this.finalObservations);
    this.#ended[i] = 1;
    this.#look(i);
  }

  /** The first picture in every place. */
  #begin(i: number): void {
    const { channels } = this.#rasteriser;
    for (let frame = 0; frame < this.#depth / channels; frame++) this.#push(i, this.#bytes.observations);
    this.#spread(i, this.#bytes.observations, this.observations);
  }

  /** Adds what a copy looks like now to an observation; its oldest picture goes. */
  #push(i: number, to: Uint8Array): void {
    const { channels } = this.#rasteriser;
    const picture = this.#rasteriser.draw(this.render(i));
    const from = i * this.#length;
    const older = this.#depth - channels;
    for (let p = 0, k = from; p < picture.length; p += channels, k += this.#depth) {
      for (let c = 0; c < older; c++) to[k + c] = to[k + c + channels];
      for (let c = 0; c < channels; c++) to[k + older + c] = picture[p + c];
    }
  }

  #spread(i: number, from: Uint8Array, to: Float32Array): void {
    for (let k = i * this.#length; k < (i + 1) * this.#length; k++) to[k] = from[k];
  }
}
