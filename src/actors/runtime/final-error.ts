import { TroupeError } from '../../core/errors.ts';

/**
 * An error that would come again in every further life of its actor: no restart helps, so the system fails at once. The
 * message names the actor.
 */
export class FinalError extends TroupeError {
  override readonly name: string = 'FinalError';
}

/** By name, which is what is left of an error's class on its way between threads. */
export const isFinal = ({ name }: Error): boolean => name === 'FinalError' || name === 'PortValueError';
