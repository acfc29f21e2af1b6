/** Moves plans one action on, in place: what was second comes first, and the last one is 0. @param plans [N × H × A] */
export function shiftPlans(plans: Float64Array, planSize: number, actionSize: number): void {
  for (let at = 0; at < plans.length; at += planSize) {
    plans.copyWithin(at, at + actionSize, at + planSize);
    plans.fill(0, at + planSize - actionSize, at + planSize);
  }
}
