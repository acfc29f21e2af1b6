import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneLine, usageError } from '../core/errors.ts';
import { hashText } from './text/bag.ts';
import { mailBody } from './text/mail-body.ts';
import { groupNearCopies } from './text/near-copies.ts';
import { tokensOf } from './text/tokens.ts';

/** A mail, read. */
export interface Mail {
  /** Folder and file name: `easy-ham-1/00001.7c53336b37003a9286aba55d2945844c`. */
  readonly file: string;
  /** 0 ham, 1 spam */
  readonly label: 0 | 1;
  readonly split: 'train' | 'test';
  /** Its words, by their places in the vocabulary. */
  readonly words: Int32Array;
}

/** Mails, and the words that they are made of. */
export interface MailCorpus {
  readonly mails: readonly Mail[];
  readonly vocabulary: readonly string[];
}

const testShare = 1 / 3;

/**
 * Reads the mails of a folder that holds folders, those of spam with `spam` in their names: each `.txt` file is a mail. A
 * third goes to the test split, chosen by a hash of the file's name; mails that are almost copies of each other go
 * together, so that no test mail has its like among those to learn from. Both splits are shuffled by the same hash.
 * @throws a usage error that names the folder and the fix
 */
export function readMails(folder: string, fix: string): MailCorpus {
  const files = filesIn(folder, fix);
  const places = new Map<string, number>();
  const vocabulary: string[] = [];
  const place = (word: string): number => {
    const known = places.get(word);
    if (known !== undefined) return known;
    // A word cut from a text would keep all of the text in memory.
    const own = Buffer.from(word, 'latin1').toString('latin1');
    places.set(own, vocabulary.length);
    return vocabulary.push(own) - 1;
  };
  const texts = files.map(file => Int32Array.from(tokensOf(mailBody(read(join(folder, file)))), place));
  const groups = groupNearCopies(texts);
  const mails = files.map((file, i): Mail => {
    const test = hashText(`split ${files[groups[i]]}`) < testShare * 2 ** 32;
    const label = isSpam(file) ? 1 : 0;
    return { file: file.replace(/\.txt$/, ''), label, split: test ? 'test' : 'train', words: texts[i] };
  });
  const order = new Map(mails.map(mail => [mail, hashText(mail.file)]));
  return { mails: mails.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)), vocabulary };
}

/** Sorted, so that they do not depend on the file system. */
function filesIn(folder: string, fix: string): string[] {
  let files: string[];
  try {
    files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    throw usageError(`mails: ${folder}: cannot be read (${oneLine(error)}); ${fix}`, error);
  }
  const mails = files
    .map(file => file.replaceAll('\\', '/'))
    .filter(file => /^[^/]+\/[^/]+\.txt$/.test(file));
  for (const label of ['ham', 'spam']) {
    if (mails.some(file => isSpam(file) === (label === 'spam'))) continue;
    throw usageError(`mails: ${folder}: expected folders of .txt files with ${label}, found none; ${fix}`);
  }
  return mails.sort();
}

/** By its folder's name. */
const isSpam = (file: string): boolean => file.slice(0, file.indexOf('/')).includes('spam');

const read = (path: string): string => readFileSync(path, 'latin1').replaceAll('\r\n', '\n');
