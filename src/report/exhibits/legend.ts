import { escapeHtml } from '../html.ts';
import type { Look } from './roles.ts';

/** How each arm is drawn, beside its name. @param dots whether its points are marked */
export function lineLegend(looks: ReadonlyMap<string, Look>, dots: boolean): string {
  const items = [...looks].map(
    ([name, look]) => `<li>${sample(look, dots && look.role !== 'bound')}${escapeHtml(name)}</li>`,
  );
  return `<ul class="arms">${items.join('')}</ul>`;
}

function sample({ color, dash, symbol }: Look, dot: boolean): string {
  const dashed = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  const mark = dot ? `<path d="${shapes[symbol]}" transform="translate(16 6)" fill="${color}"/>` : '';
  return `<svg width="32" height="12" viewBox="0 0 32 12" aria-hidden="true"><path d="M1 6H31" stroke="${color}" stroke-width="2.2"${dashed}/>${mark}</svg>`;
}

/** About 8 pixels each. */
const shapes: { readonly [S in Look['symbol']]: string } = {
  circle: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
  square: 'M-3.6 -3.6h7.2v7.2h-7.2z',
  triangle: 'M0 -4.6L4.4 3.4H-4.4z',
  diamond: 'M0 -5.2L4 0L0 5.2L-4 0z',
  star: 'M0 -5L1.3 -1.6L4.9 -1.5L2 0.7L3 4.2L0 2.1L-3 4.2L-2 0.7L-4.9 -1.5L-1.3 -1.6z',
};
