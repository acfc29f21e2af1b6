import type { BenchResult, Comparison, Peer, PeerResult } from '../../bench/contract.ts';
import { suites } from '../../bench/index.ts';
import { runPeer } from '../../bench/peers.ts';
import { usageError } from '../../core/errors.ts';
import { describeMachine } from '../../scenarios/runner/machine.ts';
import { didYouMean } from '../../scenarios/runner/nearest.ts';
import type { Io } from '../io.ts';
import { benchRows } from '../screen/bench-rows.ts';
import { figure } from '../screen/format.ts';
import { styleFor } from '../screen/style.ts';
import { table } from '../screen/table.ts';

/** What `troupe bench` takes beside a suite. */
export interface BenchCommandOptions {
  readonly json?: boolean;
  readonly only?: string;
}

/** `troupe bench`: every suite or one, with the calibration probe and other projects beside the figures. */
export async function bench(name: string | undefined, options: BenchCommandOptions, io: Io): Promise<number> {
  const names = suites.map(suite => suite.name);
  if (name !== undefined && !names.includes(name)) {
    throw usageError(
      `unknown suite ${name}${didYouMean(name, names) || `; expected one of ${names.join(', ')}`}`,
    );
  }
  const { only } = options;
  const choosy = suites.filter(suite => suite.choosy).map(suite => suite.name);
  if (only !== undefined && !choosy.includes(name ?? '')) {
    throw usageError(
      `--only: expected a suite whose cases can be chosen (${choosy.join(', ')}), got ${name ?? 'none'}`,
    );
  }
  const out = options.json ? io.stderr : io.stdout;
  const { bold, dim } = styleFor(out, io);
  const machine = { ...describeMachine(), probe: await io.probe() };
  const figures = Object.entries(machine.probe).map(([key, value]) => `${key} ${figure(value)}`);
  out.write(`${machine.cpu}, ${machine.cores} cores · probe: ${figures.join(', ')}\n`);

  const results: Record<string, readonly BenchResult[]> = {};
  const peers: Record<string, readonly PeerResult[]> = {};
  const notes: Record<string, readonly string[]> = {};
  for (const suite of suites.filter(each => name === undefined || each.name === name)) {
    out.write(`\n${bold(suite.name)}  ${suite.summary}\n`);
    const run = await suite.load();
    const progress = (text: string) => void io.stderr.write(`${dim(`… ${text}`)}\n`);
    const measured = await run({ ...(only !== undefined && { only }), ...(io.stderr.isTTY && { progress }) });
    const compared = 'peers' in measured ? measured : await besidePeers(measured, suite.peers ?? []);
    results[suite.name] = compared.results;
    peers[suite.name] = compared.peers;
    notes[suite.name] = [...compared.notes, ...compared.skipped.map(line => `skipped: ${line}`)];
    for (const line of table(benchRows(compared, { bold, dim }), '<><<<', out.columns))
      out.write(`${line}\n`);
    for (const line of notes[suite.name]) out.write(`  ${dim(line)}\n`);
  }
  out.write(`\n${dim('median, 10th … 90th percentile (of ratios: the quarters), bar')}\n`);
  if (options.json) io.stdout.write(`${JSON.stringify({ machine, suites: results, peers, notes })}\n`);
  return 0;
}

async function besidePeers(results: readonly BenchResult[], others: readonly Peer[]): Promise<Comparison> {
  const peers: PeerResult[] = [];
  const skipped: string[] = [];
  for (const peer of others) {
    const outcome = await runPeer(peer);
    if ('skipped' in outcome) skipped.push(outcome.skipped);
    else peers.push(...outcome.results);
  }
  return { results, peers, skipped, notes: [] };
}
