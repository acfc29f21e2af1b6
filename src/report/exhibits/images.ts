import { encode } from 'fast-png';
import { escapeHtml } from '../html.ts';
import type { ImagesExhibit } from './contract.ts';
import { exhibitSection, folded, type Seeds } from './seeds.ts';

/** A sheet a seed: a row of images is one PNG, so that a page stays small. */
export function imagesSection(seeds: Seeds<ImagesExhibit>, missing: readonly string[]): string {
  const [{ exhibit, seed }] = seeds;
  const which = seeds.length > 1 ? `<p class="axes">seed ${seed}</p>` : '';
  return exhibitSection(exhibit, `${which}${sheet(exhibit)}${folded(seeds, sheet)}`, missing);
}

/** Pixels between two images; they are seen through. */
const GAP = 1;
/** About how wide a sheet may be on a desk, in pixels of the page. */
const ROOM = 640;
/** An image's pixel takes no more than so many of the page. */
const LARGEST = 4;

function sheet(exhibit: ImagesExhibit): string {
  const { rows, width, columns, heads } = exhibit;
  const across = Math.min(columns, Math.max(...rows.map(({ images }) => images.length)));
  const pixels = across * (width + GAP) - GAP;
  const scale = Math.max(1, Math.min(LARGEST, Math.floor(ROOM / pixels)));
  const titles = heads
    ? `<span></span><div class="heads" style="width:${pixels * scale}px;grid-template-columns:repeat(${across},1fr)">${heads
        .slice(0, across)
        .map(head => `<span>${escapeHtml(head)}</span>`)
        .join('')}</div>`
    : '';
  const shown = rows.map(({ label, images }) => {
    const made = rowPng(exhibit, images, across);
    const alt = `${label === '' ? '' : `${label}: `}${images.length} ${images.length === 1 ? 'image' : 'images'} of ${width} by ${exhibit.height} pixels`;
    return `<h3>${escapeHtml(label)}</h3><img alt="${escapeHtml(alt)}" width="${made.width * scale}" height="${made.height * scale}" src="data:image/png;base64,${made.base64}">`;
  });
  return `<div class="sheet">${titles}${shown.join('\n')}</div>`;
}

/** Images side by side on as many lines as they need, transparent between them. */
function rowPng({ width, height, channels = 1 }: ImagesExhibit, images: readonly string[], across: number) {
  const lines = Math.ceil(images.length / across);
  const whole = { width: across * (width + GAP) - GAP, height: lines * (height + GAP) - GAP };
  const depth = channels + 1;
  const data = new Uint8Array(whole.width * whole.height * depth);
  for (const [i, image] of images.entries()) {
    const pixels = Buffer.from(image, 'base64');
    const left = (i % across) * (width + GAP);
    const top = Math.floor(i / across) * (height + GAP);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const to = ((top + y) * whole.width + left + x) * depth;
        const from = (y * width + x) * channels;
        data.set(pixels.subarray(from, from + channels), to);
        data[to + channels] = 255;
      }
  }
  return { ...whole, base64: Buffer.from(encode({ ...whole, data, channels: depth })).toString('base64') };
}
