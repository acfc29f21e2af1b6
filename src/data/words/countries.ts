import { z } from 'zod';
import { damaged, once, wordFile } from './files.ts';

const source = 'world-countries';

/** A country, as people say it in English. */
export interface Country {
  readonly name: string;
  /** The first that is listed. */
  readonly capital: string;
  /** `Africa`, `Americas`, `Asia`, `Europe` or `Oceania` */
  readonly region: string;
}

const file = z.array(
  z.object({
    name: z.object({ common: z.string() }),
    capital: z.array(z.string()).optional(),
    region: z.string(),
    unMember: z.boolean(),
  }),
);

/**
 * The members of the United Nations that have a capital, from the npm package `world-countries` (mledoze/countries, ODbL 1.0).
 * @throws a usage error that holds the command which adds the package
 */
export const countries = once(() => countriesIn(wordFile(source, 'countries.json').toString('utf8')));

/** The same from the text of the file. */
export function countriesIn(text: string): readonly Country[] {
  return parsed(text).flatMap(({ name, capital, region, unMember }) =>
    unMember && capital?.[0] ? [{ name: name.common, capital: capital[0], region }] : [],
  );
}

function parsed(text: string): z.output<typeof file> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(source, 'countries.json is no JSON', error);
  }
  const { success, data, error } = file.safeParse(value);
  if (success) return data;
  const { path, message } = error.issues[0];
  throw damaged(source, `countries.json: ${path.join('.')}: ${message}`, error);
}
