import type { BenchResult, Peer, PeerResult } from '../../bench/contract.ts';
import { suites } from '../../bench/index.ts';
import { runPeer, timesAsGood } from '../../bench/peers.ts';
import { usageError } from '../../core/errors.ts';
import { describeMachine } from '../../scenarios/runner/machine.ts';
import { didYouMean } from '../../scenarios/runner/nearest.ts';
import type { Io } from '../io.ts';
import { figure } from '../screen/format.ts';
import { styleFor } from '../screen/style.ts';
import { table } from '../screen/table.ts';

/** `troupe bench`: every suite or one, with the calibration probe and other projects beside the figures. */
export async function bench(name: string | undefined, options: { json?: boolean }, io: Io): Promise<number> {
  const names = suites.map(suite => suite.name);
  if (name !== undefined && !names.includes(name)) {
    throw usageError(
      `unknown suite ${name}${didYouMean(name, names) || `; expected one of ${names.join(', ')}`}`,
    );
  }
  const out = options.json ? io.stderr : io.stdout;
  const { bold, dim } = styleFor(out, io);
  const machine = { ...describeMachine(), probe: await io.probe() };
  const figures = Object.entries(machine.probe).map(([key, value]) => `${key} ${figure(value)}`);
  out.write(`${machine.cpu}, ${machine.cores} cores · probe: ${figures.join(', ')}\n`);

  const results: Record<string, readonly BenchResult[]> = {};
  const peers: Record<string, readonly PeerResult[]> = {};
  for (const suite of suites.filter(each => name === undefined || each.name === name)) {
    out.write(`\n${bold(suite.name)}  ${suite.summary}\n`);
    const measured = await (await suite.load())();
    results[suite.name] = measured;
    const rows = measured.map(({ name, unit, median, p10, p90, bar = '' }) => [
      `  ${name}`,
      bold(figure(median)),
      unit,
      dim(`${figure(p10)} … ${figure(p90)}`),
      dim(bar),
    ]);
    const beside = await measurePeers(suite.peers ?? []);
    peers[suite.name] = beside.results;
    for (const peer of beside.results) {
      const ours = measured.find(each => each.name === peer.against);
      const ratio = ours ? `ours ${figure(timesAsGood(ours.median, peer))}×` : '';
      const spread = dim(`${figure(peer.p10)} … ${figure(peer.p90)}`);
      rows.push([
        `  ${peer.against}: ${peer.name}`,
        bold(figure(peer.median)),
        peer.unit,
        spread,
        dim(ratio),
      ]);
    }
    for (const line of table(rows, '<><<<', out.columns)) out.write(`${line}\n`);
    for (const line of beside.skipped) out.write(`  ${dim(`skipped: ${line}`)}\n`);
  }
  out.write(`\n${dim('median, 10th … 90th percentile, bar')}\n`);
  if (options.json) io.stdout.write(`${JSON.stringify({ machine, suites: results, peers })}\n`);
  return 0;
}

async function measurePeers(peers: readonly Peer[]) {
  const results: PeerResult[] = [];
  const skipped: string[] = [];
  for (const peer of peers) {
    const outcome = await runPeer(peer);
    if ('skipped' in outcome) skipped.push(outcome.skipped);
    else results.push(...outcome.results);
  }
  return { results, skipped };
}
