import type { BenchResult, Comparison, PeerResult } from '../../bench/contract.ts';
import { timesAsGood } from '../../bench/peers.ts';
import { figure } from './format.ts';
import type { Style } from './style.ts';

/** A row a figure of ours, and under it a row for each that is set beside it: name, median, unit, spread, bar or ratio. */
export const benchRows = (
  { results, peers }: Pick<Comparison, 'results' | 'peers'>,
  { bold, dim }: Pick<Style, 'bold' | 'dim'>,
): string[][] =>
  results.flatMap(ours => [
    [`  ${ours.name}`, bold(figure(ours.median)), ours.unit, dim(spreadOf(ours)), dim(ours.bar ?? '')],
    ...peers
      .filter(({ against }) => against === ours.name)
      .map(peer => [
        `    ${peer.name}`,
        figure(peer.median),
        peer.unit,
        dim(spreadOf(peer)),
        ratioOf(ours, peer, { bold, dim }),
      ]),
  ]);

const spreadOf = ({ p10, p90 }: BenchResult): string => `${figure(p10)} … ${figure(p90)}`;

function ratioOf(ours: BenchResult, peer: PeerResult, { bold, dim }: Pick<Style, 'bold' | 'dim'>): string {
  const { ratio, ratioBar } = peer;
  const times = bold(`ours ${figure(ratio?.median ?? timesAsGood(ours.median, peer))}×`);
  const range = ratio ? ` ${figure(ratio.q1)} … ${figure(ratio.q3)}` : '';
  return `${times}${dim(`${range}${ratioBar ? `, ${ratioBar}` : ''}`)}`;
}
