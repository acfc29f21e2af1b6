/** Milliseconds between one look at the clock and the next. */
const leap = 3_601_000;

/**
 * Runs something that awaits nothing, while the time of day and `performance.now` leap an hour at every look: what
 * hangs on the clock comes out otherwise than it did.
 */
export function withLeapingClock<T>(run: () => T): T {
  const { Date: RealDate } = globalThis;
  let looks = 0;
  const now = () => RealDate.now() + leap * ++looks;
  const LeapingDate = new Proxy(RealDate, {
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
    construct: (target, given: unknown[]) => Reflect.construct(target, given.length === 0 ? [now()] : given),
    apply: () => new RealDate(now()).toString(),
  });
  const own = Object.getOwnPropertyDescriptor(performance, 'now');
  const start = performance.now();
  globalThis.Date = LeapingDate;
  performance.now = () => start + leap * ++looks;
  try {
    return run();
  } finally {
    globalThis.Date = RealDate;
    // The real one is the prototype's, unless a test put its own there.
    if (own) Object.defineProperty(performance, 'now', own);
    else Reflect.deleteProperty(performance, 'now');
  }
}
