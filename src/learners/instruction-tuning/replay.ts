/** Which of the steps of tuning read text again: as many as their share says, evenly spread. @param share in [0, 1] */
export const replaySteps = (steps: number, share: number): readonly boolean[] =>
  // A third three times is a little under 1.
  Array.from({ length: steps }, (_, i) => Math.floor((i + 1) * share + 1e-9) > Math.floor(i * share + 1e-9));
