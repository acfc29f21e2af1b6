import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import cartPole from '../scenarios/cart-pole.ts';
import {
  type BenchOptions,
  type BenchResult,
  type Comparison,
  chosen,
  type Peer,
  type PeerResult,
  quartiles,
  spread,
} from './contract.ts';
import { type OneCore, oneCore } from './one-core.ts';
import { askPeer, type Outcome } from './peers.ts';
import { type PpoRun, type PpoTimes, timePpo } from './ppo-run.ts';

/** Everything that cleanrl/ppo.py sets, and nothing else. */
const cleanRlSettings = {
  workers: 1,
  environments: 4,
  horizon: 128,
  minibatch: 128,
  epochs: 4,
  learningRate: 2.5e-4,
  learningRateSchedule: 'linear',
  gamma: 0.99,
  lambda: 0.95,
  normalizeAdvantages: true,
  clip: 0.2,
  clipValues: 0.2,
  entropyCoefficient: 0.01,
  valueCoefficient: 0.5,
  maxGradientNorm: 0.5,
  adamEpsilon: 1e-5,
  hidden: [64, 64],
  activation: 'tanh',
} as const satisfies PpoRun['ppo'];

/** What is run beside others, a process and one core each, in turns. */
interface Contest {
  readonly name: string;
  readonly run: PpoRun;
  readonly peers: readonly Peer[];
  /** What the peers' steps a second should be to ours. */
  readonly bar?: number;
}

const stableBaselines: Peer = {
  name: 'Stable-Baselines3',
  file: 'stable_baselines3_ppo.py',
  install: 'pip install stable-baselines3==2.9.2 gymnasium==1.4.0',
};
const cleanRl: Peer = {
  name: 'CleanRL',
  file: 'cleanrl_ppo.py',
  install: 'pip install torch gymnasium tyro tensorboard',
};
/** The scripts of `bench/peers` that this suite runs. */
export const ppoPeers: readonly Peer[] = [stableBaselines, cleanRl];

/** Half a second of ours goes by before V8 has compiled what it will compile; a run of CleanRL's has 976 rounds. */
const ours = { rounds: 160, warmUps: 40 };
/** Theirs are as fast as they get after the first few, and each takes ten times as long. */
const theirs = { rounds: 40, warmUps: 8 };

const contests: readonly Contest[] = [
  {
    name: "cart-pole, CleanRL's settings, one core",
    run: { environment: 'cart-pole', ...ours, ppo: cleanRlSettings },
    peers: ppoPeers,
    bar: 10,
  },
  {
    name: 'cart-pole, the settings that solve it soonest, one core',
    run: { environment: 'cart-pole', ...ours, ppo: cartPole.options.parse({}).ppo },
    // CleanRL has no schedule for its clip.
    peers: [stableBaselines],
  },
];

const robot = {
  environments: 64,
  horizon: 64,
  minibatch: 512,
  epochs: 8,
  normalizeObservations: true,
  normalizeRewards: true,
};
const hopper = (name: string, ppo: PpoRun['ppo']) => ({
  name: `hopper, 64 copies on ${name}`,
  run: { environment: 'hopper', rounds: 12, warmUps: 4, ppo: { ...robot, ...ppo } },
});
const alone: readonly { readonly name: string; readonly run: PpoRun }[] = [
  hopper('one worker', { workers: 1 }),
  hopper('two workers', { workers: 2 }),
  hopper('one worker, overlapped', { workers: 1, overlapped: true }),
];

/** How often each takes its turn, a process of its own each time. */
const TURNS = 3;

/** PPO end to end, as scenarios run it. */
export const bench = async ({ only, progress = () => {} }: BenchOptions = {}): Promise<Comparison> => {
  const core = oneCore();
  const results: BenchResult[] = [];
  const peers: PeerResult[] = [];
  const skipped: string[] = [];
  const notes: string[] = [`cart-pole: ${core.what}, ${TURNS} processes each, in turns`];
  const all = chosen([...contests, ...alone], only);
  for (const contest of contests.filter(each => all.includes(each))) {
    const held = await hold(contest, core, progress);
    results.push(...held.results);
    peers.push(...held.peers);
    skipped.push(...held.skipped);
    notes.push(`${contest.name}: ${settingsOf(contest.run)}; of others ${roundsOf(theirs)}`);
  }
  for (const { name, run } of alone.filter(each => all.includes(each))) {
    progress(name);
    results.push(...figuresOf(name, run, await timePpo(run)));
  }
  return { results, peers, skipped, notes };
};

async function hold({ name, run, peers, bar }: Contest, core: OneCore, progress: (text: string) => void) {
  const own: PpoTimes[] = [];
  const others = new Map<Peer, PeerTimes[]>(peers.map(peer => [peer, []]));
  const skipped = new Set<string>();
  for (let turn = 1; turn <= TURNS; turn++) {
    progress(`${name}, turn ${turn} of ${TURNS}`);
    own.push(await runOurs(run, core));
    for (const [peer, times] of others) {
      const outcome = await runTheirs(peer, run, core);
      if ('results' in outcome) times.push(outcome.results);
      else {
        skipped.add(outcome.skipped);
        others.delete(peer);
      }
    }
  }
  return {
    results: figuresOf(name, run, joined(own)),
    peers: [...others.values()].flatMap(times => against(name, run, own, times, bar)),
    skipped: [...skipped],
  };
}

const joined = (turns: readonly PpoTimes[]): PpoTimes => ({
  rates: turns.flatMap(({ rates }) => rates),
  minibatches: turns.flatMap(({ minibatches }) => minibatches),
});

const minibatchName = (name: string, { ppo }: PpoRun): string => `${name}: a minibatch of ${ppo.minibatch}`;

const figuresOf = (name: string, run: PpoRun, { rates, minibatches }: PpoTimes): BenchResult[] => [
  { name, unit: 'steps/s', ...spread(rates) },
  { name: minibatchName(name, run), unit: 'ms', ...spread(minibatches) },
];

/** A peer's figures; ratios are of the medians of a turn. */
function against(
  name: string,
  run: PpoRun,
  own: readonly PpoTimes[],
  others: readonly PeerTimes[],
  bar: number | undefined,
): PeerResult[] {
  const ratios = (pick: (times: PpoTimes) => readonly number[], faster: (a: number, b: number) => number) =>
    quartiles(others.map((turn, i) => faster(spread(pick(own[i])).median, spread(pick(turn)).median)));
  const { rates, minibatches } = joined(others);
  const who = { name: others[0].name };
  const figures: PeerResult[] = [
    {
      ...who,
      against: name,
      unit: 'steps/s',
      ...spread(rates),
      ratio: ratios(
        times => times.rates,
        (a, b) => a / b,
      ),
      ...(bar !== undefined && { ratioBar: `≥ ${bar}` }),
    },
  ];
  if (minibatches.length === 0) return figures;
  const ratio = ratios(
    times => times.minibatches,
    (a, b) => b / a,
  );
  return [
    ...figures,
    { ...who, against: minibatchName(name, run), unit: 'ms', ...spread(minibatches), ratio },
  ];
}

const timesSchema = z.object({ rates: z.array(z.number()), minibatches: z.array(z.number()) });
/** `minibatches` is empty where a peer does not tell. `name` says versions too. */
const peerTimes = timesSchema.extend({ name: z.string() });
type PeerTimes = z.output<typeof peerTimes>;

async function runOurs(run: PpoRun, { before }: OneCore): Promise<PpoTimes> {
  const module = fileURLToPath(new URL(`./ppo-run${extname(import.meta.url)}`, import.meta.url));
  const [command, ...rest] = [...before, process.execPath, ...process.execArgv, module, JSON.stringify(run)];
  const { stdout } = await promisify(execFile)(command, rest);
  return timesSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string));
}

async function runTheirs(peer: Peer, run: PpoRun, { before }: OneCore): Promise<Outcome<PeerTimes>> {
  const checkout = process.env['CLEANRL'];
  if (peer === cleanRl && checkout === undefined) {
    return {
      skipped: 'CleanRL: scripts, not a package: CLEANRL=… says where a checkout of vwxyzjn/cleanrl is',
    };
  }
  const args = [JSON.stringify({ ...run, ...theirs }), ...(peer === cleanRl ? [checkout!] : [])];
  return askPeer(peer, peerTimes, { before, args });
}

function settingsOf({ ppo, rounds, warmUps }: PpoRun): string {
  const settings = Object.entries(ppo).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return `${settings.join(', ')}; ${roundsOf({ rounds, warmUps })}`;
}

const roundsOf = ({ rounds, warmUps }: typeof theirs): string =>
  `${rounds} rounds, the first ${warmUps} not counted`;
