import type { Observable } from 'rxjs';
import type { Output, Segment } from '../../actors/index.ts';
import { TroupeError } from '../../core/errors.ts';
import type { Need } from '../../data/contract.ts';

/** Segments that may wait while a step is done. */
const ahead = 2;

/**
 * Takes segments as a loop wants them, a few ahead, but none beyond what the loop will take: when it has ended, none is under way,
 * and the states of stream and learner belong together.
 */
export function segmentQueue(segments: Observable<Segment>, needs: Output<Need>) {
  const waiting: Segment[] = [];
  let wanted: ((segment: Segment) => void) | undefined;
  let given = 0;
  let taken = 0;
  segments.subscribe(segment => {
    const give = wanted;
    wanted = undefined;
    if (give) give(segment);
    else waiting.push(segment);
  });
  return {
    /** @param left how many the loop will take, this one among them */
    async next(left: number): Promise<Segment> {
      const missing = taken + Math.min(left, 1 + ahead) - given;
      if (missing > 0) {
        given += missing;
        await needs.ready();
        needs.next({ batches: missing });
      }
      taken++;
      return waiting.shift() ?? new Promise<Segment>(resolve => (wanted = resolve));
    },
  };
}

/** What a memory is of. */
export interface MemoryPlace {
  readonly tau: number;
  readonly lane0: number;
}

/**
 * Holds a segment against the memory that it would be read with. A memory is of the tokens just before, lane by lane: with any other
 * segment it would be wrong without a sign.
 * @param memory default: none yet
 * @throws where the segment is not the successor of the memory's, or is of other lanes or of another size
 */
export function checkSuccessor(
  { tau, lane0, ids, next, reset }: Segment,
  memory: MemoryPlace | undefined,
  {
    lanes,
    length,
    vocabulary,
  }: { readonly lanes: number; readonly length: number; readonly vocabulary: number },
): void {
  const expected = (memory?.tau ?? -1) + 1;
  if (tau !== expected) {
    throw new TroupeError(
      `segment: tau = ${tau}: expected ${expected}, the successor of the memory's ${memory?.tau ?? 'none'}: segments came out of order`,
    );
  }
  if (memory && lane0 !== memory.lane0) {
    throw new TroupeError(
      `segment: lane0 = ${lane0}: expected ${memory.lane0}, the memory is of the lanes from there`,
    );
  }
  const size = lanes * length;
  if (ids.length !== size || next.length !== size || reset.length !== lanes) {
    throw new TroupeError(
      `segment: ${ids.length} ids, ${next.length} next, ${reset.length} reset: expected ${lanes} lanes of ${length} tokens`,
    );
  }
  const strange = ids.find(id => id < 0 || id >= vocabulary) ?? next.find(id => id < -1 || id >= vocabulary);
  if (strange !== undefined) {
    throw new TroupeError(`segment: token ${strange}: expected one of 0 to ${vocabulary - 1}`);
  }
}
