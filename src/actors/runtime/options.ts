import { z } from 'zod';
import { parseOrThrow } from '../../core/errors.ts';
import type { LinkOptions, SpawnOptions } from '../contract.ts';

/** The longest that a timer can wait: Node takes longer ones for no time at all. */
const longest = 2 ** 31 - 1;
/** Messages. */
const deepest = 2 ** 16;

const expected = (what: string) => ({ error: `expected ${what}` });
const oneOf = <const T extends readonly string[]>(...names: T) =>
  z.enum(names, expected(`one of ${names.join(', ')}`));
const integer = (least: number, most: number, what: string) =>
  z.number(expected(what)).int(expected(what)).min(least, expected(what)).max(most, expected(what));
const milliseconds = z
  .number(expected(`milliseconds, more than 0 and at most ${longest}`))
  .positive(expected(`milliseconds, more than 0 and at most ${longest}`))
  .max(longest, expected(`milliseconds, more than 0 and at most ${longest}`));

const spawnOptions = z.strictObject({
  on: z
    .union(
      [z.enum(['worker', 'main', 'tensors']), z.strictObject({ thread: z.string().min(1) })],
      expected('one of worker, main, tensors, or { thread: a name }'),
    )
    .default('worker'),
  copies: integer(1, Number.MAX_SAFE_INTEGER, 'a positive integer').optional(),
  name: z.string(expected('a name')).min(1, expected('a name')).optional(),
  restore: z.array(z.unknown(), expected('an array, one snapshot for each copy')).optional(),
  restarts: z
    .strictObject(
      { times: integer(0, Number.MAX_SAFE_INTEGER, 'an integer from 0'), within: milliseconds },
      expected('{ times, within }'),
    )
    .default({ times: 3, within: 60_000 }),
  startWithin: milliseconds.default(60_000),
  hangAfter: milliseconds.default(60_000),
  memory: z.number(expected('bytes, more than 0')).positive(expected('bytes, more than 0')).optional(),
  deadline: milliseconds.default(60_000),
});

const linkOptions = z.strictObject({
  overflow: oneOf('block', 'latest', 'dropOldest').default('block'),
  depth: integer(1, deepest, `an integer from 1 to ${deepest}`).default(8),
});

/**
 * What a caller of `spawn` asks for, with the defaults in place.
 * @throws TroupeError (usage) that names the actor, the option, its value and what was expected
 */
export const parseSpawnOptions = (options: SpawnOptions, actor: string): z.output<typeof spawnOptions> =>
  parseOrThrow(spawnOptions, options, `spawn ${actor}`);

/** @throws TroupeError (usage) that names the link, the option, its value and what was expected */
export const parseLinkOptions = (options: LinkOptions, link: string): Required<LinkOptions> =>
  parseOrThrow(linkOptions, options, `link ${link}`);
