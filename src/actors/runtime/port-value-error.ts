import type { z } from 'zod';
import { FinalError } from './final-error.ts';

/** A value that fails the schema of the port it arrives at. Sending it again would fail again. */
export class PortValueError extends FinalError {
  override readonly name: string = 'PortValueError';

  /** @param label `learner: input trajectories`; @param link `rollout.trajectories → learner.trajectories` */
  constructor(label: string, link: string, value: unknown, cause: z.ZodError) {
    const { path, message } = cause.issues[0];
    const at = path.length > 0 ? ` at ${path.map(String).join('.')}` : '';
    super(`${label} (${link}): ${showValue(value)}${at}: ${message}`, { cause });
  }
}

/** A value on one short line, for messages. */
export function showValue(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner === 'bigint') return `${inner}n`;
      if (typeof inner === 'number' && !Number.isFinite(inner)) return String(inner);
      return ArrayBuffer.isView(inner) ? `[${inner.constructor.name}]` : inner;
    });
  } catch {
    // cyclic
  }
  text ??= String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
