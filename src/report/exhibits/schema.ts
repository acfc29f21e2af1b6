import { z } from 'zod';
import type {
  BarsExhibit,
  CasesExhibit,
  Drawn,
  ImagesExhibit,
  LinesExhibit,
  MatrixExhibit,
  TimelineExhibit,
} from './contract.ts';

const value = z.number().nullable();
const text = z.string().min(1);
const role = z.enum(['method', 'baseline', 'control', 'bound']);
const titled = { title: text, note: z.string().exactOptional() };

const lines = z.strictObject({
  kind: z.literal('lines'),
  scatter: z.boolean().exactOptional(),
  ...titled,
  x: z.strictObject({ label: z.string(), log: z.boolean().exactOptional() }),
  y: z.strictObject({
    label: z.string(),
    from: z.number().exactOptional(),
    log: z.boolean().exactOptional(),
  }),
  panels: z
    .array(
      z.strictObject({
        title: z.string(),
        series: z.array(
          z.strictObject({
            name: text,
            role: role.exactOptional(),
            points: z.array(z.tuple([z.number(), value])),
          }),
        ),
        marks: z.array(z.strictObject({ x: z.number(), label: z.string() })).exactOptional(),
        shaded: z
          .array(z.strictObject({ from: z.number(), to: z.number(), label: z.string() }))
          .exactOptional(),
      }),
    )
    .min(1),
}) satisfies z.ZodType<LinesExhibit>;

const bars = z.strictObject({
  kind: z.literal('bars'),
  ...titled,
  x: z.strictObject({
    label: z.string(),
    from: z.number().exactOptional(),
    log: z.boolean().exactOptional(),
  }),
  unit: z.string().exactOptional(),
  groups: z
    .array(
      z.strictObject({
        name: z.string(),
        bars: z.array(z.strictObject({ name: text, role, value })).min(1),
      }),
    )
    .min(1),
}) satisfies z.ZodType<BarsExhibit>;

const matrix = z
  .strictObject({
    kind: z.literal('matrix'),
    ...titled,
    rows: z.array(text).min(1),
    columns: z.array(text).min(1),
    values: z.array(z.array(value)),
    scale: z.number().positive().exactOptional(),
    unit: z.string().exactOptional(),
    axes: z.strictObject({ row: text, column: text }).exactOptional(),
    groups: z.array(z.strictObject({ name: text, members: z.array(text).min(1) })).exactOptional(),
  })
  .superRefine(({ rows, columns, values, groups = [] }, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (values.length !== rows.length)
      issue(['values', 'length'], `expected ${rows.length}, one for each of the rows`);
    for (const [i, row] of values.entries())
      if (row.length !== columns.length)
        issue(['values', i, 'length'], `expected ${columns.length}, one for each of the columns`);
    const known = new Set([...rows, ...columns]);
    for (const [g, { members }] of groups.entries())
      for (const [m, member] of members.entries())
        if (!known.has(member)) issue(['groups', g, 'members', m], 'expected the name of a row or column');
  }) satisfies z.ZodType<MatrixExhibit>;

const side = z.number().int().min(1).max(512);
const images = z
  .strictObject({
    kind: z.literal('images'),
    ...titled,
    columns: z.number().int().min(1).max(64),
    heads: z.array(z.string()).exactOptional(),
    width: side,
    height: side,
    channels: z.union([z.literal(1), z.literal(3)]).exactOptional(),
    rows: z.array(z.strictObject({ label: z.string(), images: z.array(z.base64()).min(1) })).min(1),
  })
  .superRefine(({ rows, width, height, channels = 1, columns, heads }, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const bytes = width * height * channels;
    for (const [r, row] of rows.entries())
      for (const [i, image] of row.images.entries()) {
        const found = Buffer.byteLength(image, 'base64');
        if (found !== bytes)
          issue(
            ['rows', r, 'images', i],
            `holds ${found} bytes, expected ${width} × ${height} × ${channels}`,
          );
      }
    if (heads && heads.length !== columns)
      issue(['heads', 'length'], `expected ${columns}, one for each of the columns`);
  }) satisfies z.ZodType<ImagesExhibit>;

const cases = z
  .strictObject({
    kind: z.literal('cases'),
    ...titled,
    columns: z.array(z.string()).min(1),
    rows: z.array(z.array(z.union([z.string(), value]))),
  })
  .superRefine(({ columns, rows }, context) => {
    for (const [i, row] of rows.entries())
      if (row.length !== columns.length)
        context.addIssue({
          code: 'custom',
          path: ['rows', i, 'length'],
          message: `expected ${columns.length}, one for each of the columns`,
        });
  }) satisfies z.ZodType<CasesExhibit>;

const moment = z.number().min(0);
const timeline = z
  .strictObject({
    kind: z.literal('timeline'),
    ...titled,
    unit: text,
    phases: z.array(text).min(1).max(3),
    panels: z
      .array(
        z.strictObject({
          title: z.string(),
          lanes: z.array(text).min(1),
          spans: z.array(
            z.strictObject({
              lane: text,
              phase: text,
              from: moment,
              to: moment,
              label: z.string().exactOptional(),
            }),
          ),
        }),
      )
      .min(1),
  })
  .superRefine(({ phases, panels }, context) => {
    for (const [p, { lanes, spans }] of panels.entries())
      for (const [s, { lane, phase, from, to }] of spans.entries()) {
        const issue = (field: string, message: string) =>
          context.addIssue({ code: 'custom', path: ['panels', p, 'spans', s, field], message });
        if (!lanes.includes(lane)) issue('lane', 'expected one of the lanes');
        if (!phases.includes(phase)) issue('phase', 'expected one of the phases');
        if (to < from) issue('to', `expected ${from} or more`);
      }
  }) satisfies z.ZodType<TimelineExhibit>;

/** What each kind's file must hold. */
export const schemas: { readonly [K in Drawn['kind']]: z.ZodType<Extract<Drawn, { readonly kind: K }>> } = {
  lines,
  bars,
  matrix,
  images,
  cases,
  timeline,
};
