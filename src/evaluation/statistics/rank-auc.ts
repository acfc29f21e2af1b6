/**
 * The area under the ROC curve: the chance that one of the first kind scores higher than one of the
 * second, ties counting half. Mann and Whitney's statistic by ranks; its variance where scores tell
 * nothing is (n1 + n0 + 1)/(12 n1 n0), less for ties (Hanley and McNeil, Radiology 1982; Lehmann,
 * "Nonparametrics", 1975, for ties).
 * @param scores finite; both kinds there
 */
export function rankAuc(
  scores: readonly number[],
  isFirst: readonly boolean[],
): { readonly auc: number; readonly nullVariance: number } {
  const order = scores.map((_, index) => index).sort((a, b) => scores[a] - scores[b]);
  const n = order.length;
  let first = 0;
  let ranks = 0;
  let ties = 0;
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && scores[order[end]] === scores[order[start]]) end++;
    const size = end - start;
    ties += size ** 3 - size;
    for (let at = start; at < end; at++) {
      if (!isFirst[order[at]]) continue;
      first++;
      ranks += (start + end + 1) / 2;
    }
    start = end;
  }
  const second = n - first;
  const auc = (ranks - (first * (first + 1)) / 2) / (first * second);
  return { auc, nullVariance: (n + 1 - ties / (n * (n - 1))) / (12 * first * second) };
}
