import { createHash } from 'node:crypto';
import { oneLine } from '../../core/errors.ts';
import { type Line, linesOf } from './lines.ts';

/** Whether a log is as it was written. */
export type LogCheck =
  | { readonly intact: true; readonly lines: number; readonly head: string }
  /** `line` is the first that was edited, removed or inserted, from 1; `says` names it in one sentence. */
  | { readonly intact: false; readonly line: number; readonly says: string };

/**
 * A record as a line of a chained log: its JSON, the hash of the line before, and the SHA-256 of all that.
 * @param previous the line before's hash; of the first line, the design's
 */
export function chainedLine(
  record: object,
  previous: string,
): { readonly line: string; readonly hash: string } {
  const text = JSON.stringify({ ...record, previous });
  const hash = sha256(text);
  return { line: `${text.slice(0, -1)},"hash":"${hash}"}`, hash };
}

/** What a chained line says of its place, or why it cannot be one. */
export type Link = { readonly hash: string; readonly previous: string; readonly isFirst: boolean };

/** Bytes of `,"hash":"…"}`. */
const tailBytes = 75;

/** Takes a line's link out of it. @returns a reason where the line is not as it was written */
export function linkOf({ bytes }: Line): Link | string {
  const tail = /^,"hash":"([0-9a-f]{64})"\}$/.exec(bytes.subarray(-tailBytes).toString('latin1'));
  if (!tail) return 'does not end in its hash';
  // The bytes themselves: text would hide an edit of what is not UTF-8.
  const text = Buffer.concat([bytes.subarray(0, -tailBytes), Buffer.from('}')]);
  if (sha256(text) !== tail[1]) return 'does not have the hash that it ends in';
  try {
    const { previous, type, designHash } = JSON.parse(text.toString()) as Record<string, unknown>;
    if (typeof previous !== 'string') return 'does not name the line before it';
    return { hash: tail[1], previous, isFirst: type === 'opened' && designHash === previous };
  } catch (error) {
    return `is not JSON (${oneLine(error)})`;
  }
}

/**
 * Checks a chained log line by line. An edit, a removal or an insertion anywhere is found; whoever cuts
 * whole lines off the end, or writes all hashes anew from some line on, is found by the last line's hash
 * alone: publish it.
 * @param head the last line's hash as it was published
 * @throws a usage error where the file cannot be read
 */
export function verifyLog(file: string, head?: string): LogCheck {
  const hashes: string[] = [];
  let broken: { readonly line: number; readonly before: string } | undefined;
  for (const line of linesOf(file)) {
    const at = `line ${line.number}`;
    const link = line.whole ? linkOf(line) : 'has no end: its writer was killed, or it was cut';
    if (broken) {
      // Which of the two lines does not belong, the one after them says.
      if (typeof link !== 'string' && link.previous === broken.before)
        return fault(broken.line, `line ${broken.line} was inserted: ${at} follows line ${broken.line - 1}`);
      break;
    }
    if (typeof link === 'string') {
      return fault(line.number, line.whole ? `${at} was edited or inserted: it ${link}` : `${at} ${link}`);
    }
    if (line.number === 1 && !link.isFirst)
      return fault(1, `the lines before ${at} were removed: it does not open an experiment`);
    if (line.number > 1 && link.previous !== hashes[line.number - 2]) {
      const follows = hashes.indexOf(link.previous);
      if (follows >= 0) return misplaced(line.number, follows + 1, hashes.includes(link.hash));
      broken = { line: line.number, before: hashes[line.number - 2] };
    }
    hashes.push(link.hash);
  }
  if (broken) {
    const { line } = broken;
    return fault(
      line,
      `lines before line ${line} were removed or edited: it does not follow line ${line - 1}`,
    );
  }
  if (hashes.length === 0) return fault(1, 'line 1 was removed: the log is empty');
  const last = hashes.length;
  if (head !== undefined && hashes[last - 1] !== head) {
    const known = hashes.indexOf(head) + 1;
    if (known > 0)
      return fault(known + 1, `line ${known + 1} was added after the published hash, that of line ${known}`);
    return fault(
      last,
      `lines after line ${last} were removed, or all hashes written anew: it is not the published one`,
    );
  }
  return { intact: true, lines: last, head: hashes[last - 1] };
}

/** A line that follows an earlier one than the last: it was put there again, or those between were put in. */
function misplaced(line: number, follows: number, isCopy: boolean): LogCheck {
  if (isCopy) return fault(line, `line ${line} was inserted: it is a copy of line ${follows + 1}`);
  return fault(follows + 1, `line ${follows + 1} was inserted: line ${line} follows line ${follows}`);
}

const fault = (line: number, says: string): LogCheck => ({ intact: false, line, says });

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
