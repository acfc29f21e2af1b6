/** Steps after which messages that wait for the thread get their turn. */
const stepsATurn = 10;

/**
 * For a loop of gradient steps, none of which lets the event loop turn: lets messages in now and then, and tells the
 * supervisor that the learner is alive.
 * @returns to be awaited after each step
 */
export function turns(heartbeat: () => void): () => Promise<void> {
  let steps = 0;
  return async () => {
    if (++steps % stepsATurn !== 0) return;
    heartbeat();
    await new Promise(resolve => setImmediate(resolve));
  };
}
