import { z } from 'zod';
import { sequenceReplayConfig } from '../../actors/replay/sequence-replay.ts';
import { planetFields } from '../../learners/planet/config.ts';
import { misfitsOf } from './misfits.ts';
import { pictures, presets } from './pixel-settings.ts';

const whole = (value: number) => z.number().int().positive().default(value);
/** Null: what is usual for what is seen (`settled`). */
const wholeOrUsual = z.number().int().positive().nullable().default(null);

/** What can be played. */
export const taskNames = ['swing-up', 'pendulum', 'reacher', 'half-cheetah'] as const;
export type TaskName = (typeof taskNames)[number];

/** The method, its baselines and its controls, as `arms` names them. */
export const armNames = [
  'planet',
  'shooting',
  'randomCollection',
  'deterministic',
  'stochastic',
  'ppo',
  'oracle',
  'random',
  'noiseScores',
  'oneCandidate',
] as const;
export type ArmName = (typeof armNames)[number];

/** Episodes to learn from where nothing else is said: on two cores from states in 5 minutes, from pixels in 10. */
const usualEpisodes = { state: 48, pixels: 200 } as const;

/** Likewise. The oracle is the same whatever is seen, and takes half a core from those who learn. */
const oracleTests = { state: 4, pixels: 2 } as const;

type Loose<S extends z.ZodType> = S extends z.ZodDefault<infer T> | z.ZodPrefault<infer T> ? T : S;

/** The same fields, none of which has a default. */
function withoutDefaults<S extends Readonly<Record<string, z.ZodType>>>(shape: S) {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(shape).map(([name, field]) => {
        const bare =
          field instanceof z.ZodDefault || field instanceof z.ZodPrefault
            ? (field.unwrap() as z.ZodType)
            : field;
        const told = field.description ?? '';
        return [name, bare.exactOptional().describe(told)];
      }),
    ) as { [K in keyof S]: z.ZodExactOptional<Loose<S[K]>> },
  );
}

const { observe, side, channels, planning, ...others } = planetFields.shape;
const { observationUnits: _, rewardUnit: __, ...settings } = others;

/** Settings of PlaNet that differ from what a task has. */
const planetChanges = withoutDefaults({
  ...settings,
  // One of these alone must leave the others as they are.
  planning: withoutDefaults(planning.unwrap().shape).describe(planning.description ?? ''),
});

const fields = z.strictObject({
  task: z.enum(taskNames).default('swing-up').describe('What is played.'),
  tasks: z
    .array(z.enum(taskNames))
    .default([])
    .describe(
      'Several tasks for one agent, an episode each in turn, instead of `task`: observations and actions are padded, and nothing tells it which task it is.',
    ),
  observe: observe.unwrap().default('state').describe('What is seen of it: numbers, or pixels.'),
  side: side.unwrap().default(pictures.side).describe('Pixels a side.'),
  channels: channels.unwrap().default(pictures.channels).describe('Of a picture: 1 is grey, 3 is colours.'),
  preset: z
    .enum(presets)
    .default(pictures.preset)
    .describe('Settings where pixels are seen: for two cores, or those of the paper, for a GPU.'),
  episodes: wholeOrUsual.describe(
    `Episodes to learn from, those of random actions included. null: ${usualEpisodes.state}; from pixels ${usualEpisodes.pixels}.`,
  ),
  overlapped: z
    .boolean()
    .default(true)
    .describe(
      'Whether an episode is played while what came before it is learned from: with weights one episode older.',
    ),
  recent: sequenceReplayConfig.shape.recent,
  tests: whole(20).describe('Episodes that an arm is judged by: fresh ones, without noise.'),
  otherTests: whole(10).describe('The same of arms that no bar compares with, at most.'),
  oracleTests: wholeOrUsual.describe(
    `The same of the oracle, whose every candidate is tried in the simulator. null: ${oracleTests.state}; from pixels ${oracleTests.pixels}.`,
  ),
  randomTests: whole(60).describe('The same of random actions.'),
  arms: z
    .array(z.enum(armNames))
    .nullable()
    .default(null)
    .describe(
      'What is played beside `planet`. null: everything; where pixels are seen, or of several tasks: oracle and random.',
    ),
  ppoTimes: z
    .array(z.number().positive())
    .default([1, 20])
    .describe('How many times PlaNet’s decisions PPO may take, a baseline each.'),
  planet: planetChanges
    .prefault({})
    .describe('Settings of PlaNet that differ from those of the task (learners/planet/config.ts).'),
});
type Given = z.output<typeof fields>;

/** The options of a run, with nothing left open. */
export interface PlanningOptions extends Omit<Given, 'episodes' | 'oracleTests'> {
  readonly episodes: number;
  readonly oracleTests: number;
}

/** Fills in what follows from other options. */
export const settled = (given: Given): PlanningOptions => ({
  ...given,
  episodes: given.episodes ?? usualEpisodes[given.observe],
  oracleTests: given.oracleTests ?? oracleTests[given.observe],
});

/** What `--set` may change of latent-planning. */
export const options = fields.superRefine((given, { addIssue }) => {
  for (const message of misfitsOf(settled(given))) addIssue({ code: 'custom', path: [], message });
});
