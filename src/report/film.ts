import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseOrThrow } from '../core/errors.ts';
import { readJson, writeFileWhole } from '../core/files.ts';
import type { Film } from '../core/scene.ts';

const FILE = 'film.json';

const vec3 = z.tuple([z.number(), z.number(), z.number()]);
const shape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('box'), half: vec3 }),
  z.object({ kind: z.literal('sphere'), radius: z.number() }),
  z.object({ kind: z.literal('capsule'), radius: z.number(), halfHeight: z.number() }),
  z.object({ kind: z.literal('cylinder'), radius: z.number(), halfHeight: z.number() }),
  z.object({ kind: z.literal('ground') }),
  z.object({ kind: z.literal('line'), points: z.array(vec3), closed: z.boolean().exactOptional() }),
]);
const object = z.object({
  id: z.string(),
  shape,
  position: vec3,
  rotation: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  color: z.string(),
});
const scene = z.object({
  objects: z.array(object),
  camera: z.object({
    target: vec3,
    distance: z.number().positive(),
    side: z.enum(['side', 'front', 'above', 'corner']),
  }),
  caption: z.string().exactOptional(),
});
const filmSchema = z.object({
  title: z.string(),
  dt: z.number().positive(),
  frames: z.array(scene),
}) satisfies z.ZodType<Film>;

/** Writes `film.json` whole; numbers to a tenth of a millimetre. */
export function writeFilm(folder: string, film: Film): void {
  const round = (_key: string, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value;
  writeFileWhole(join(folder, FILE), JSON.stringify(film, round));
}

/** The film of a run; `undefined` where it has none. @throws a usage error where it is broken */
export function readFilm(folder: string): Film | undefined {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  const data = readJson(path);
  return parseOrThrow(filmSchema, data, path);
}
