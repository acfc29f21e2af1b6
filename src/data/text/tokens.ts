// An address, a mail address, a word, a number, a run of letters beyond ASCII, one of the marks that count.
const pattern =
  /((?:https?:\/\/|www\.)[^\s<>"]+)|([\w.+-]{1,64}@[\w-]+\.[\w.-]+)|([a-z]+(?:'[a-z]+)*)|(\d[\d.,:/-]*)|([^\0-\x7f]+)|[!$%?]/g;

// Longer ones are codes, not words.
const longest = 24;

/**
 * The words of a text, in lower case and in order. Web addresses become `<url>`, mail addresses `<mail>`, numbers, dates and
 * times `<number>`, runs of characters beyond ASCII `<foreign>`, words of more than 24 letters `<long>`; of the other
 * characters `!`, `$`, `%` and `?` stay.
 */
export function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (const [whole, url, mail, word, number, foreign] of text.toLowerCase().matchAll(pattern)) {
    if (word) tokens.push(word.length > longest ? '<long>' : word);
    else tokens.push(url ? '<url>' : mail ? '<mail>' : number ? '<number>' : foreign ? '<foreign>' : whole);
  }
  return tokens;
}
