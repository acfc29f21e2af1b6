/** The few candidates that a misspelt word most likely meant, nearest first; none where nothing is near. */
export function nearest(word: string, candidates: readonly string[], most = 3): string[] {
  const lower = word.toLowerCase();
  const meant = candidates.filter(candidate => lettersOf(candidate) === lettersOf(word));
  if (meant.length > 0) return meant.slice(0, most);
  return candidates
    .map(candidate => ({ candidate, distance: distanceTo(lower, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, 0.4 * candidate.length))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate, 'en'))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** What is left without case and separators: who leaves out a dash means no other name. */
const lettersOf = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '');

/** `; did you mean a or b?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[], most = 3): string {
  const near = nearest(word, candidates, most);
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
}

/** Edit distance; a word that the candidate's last segment or start holds counts as near. */
function distanceTo(word: string, candidate: string): number {
  const tail = candidate.slice(Math.max(candidate.lastIndexOf('.'), candidate.lastIndexOf('/')) + 1);
  if (tail !== candidate && tail === word) return 0.5;
  const whole = editDistance(word, candidate);
  const last = tail === candidate ? whole : 1 + editDistance(word, tail);
  const start = word.length >= 3 && candidate.startsWith(word) ? 2 : Number.POSITIVE_INFINITY;
  return Math.min(whole, last, start);
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], older[j - 2] + 1);
      }
    }
    older = above;
    above = row;
  }
  return above[b.length];
}
