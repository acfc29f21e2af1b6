import type { Helping, HelpingShape } from '../../actors/replay/fields.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import { type HostTensor, rowsOf, type Tensor } from '../../tensors/index.ts';

/** A batch of B rows as the replay gives them, for actions within the bounds of a box. */
export interface BatchRows {
  /** [B × O] */
  readonly observations: Tensor;
  /** [B × A], within the bounds of the action space */
  readonly actions: Tensor;
  /** [B], as are `discounts` and `weights`: see `helpingFields` */
  readonly rewards: Tensor;
  readonly discounts: Tensor;
  /** [B × O] */
  readonly nextObservations: Tensor;
  readonly weights: Tensor;
}

/**
 * The columns of a helping that gradient steps take, as views on it, [U · B, …] each.
 * @returns a function that gives rows `from` … `to` of all of them
 */
export function helpingRows(helping: Helping, { spaces, batch, updates }: HelpingShape) {
  const column = (data: HostTensor['data'], ...width: number[]): HostTensor => ({
    shape: [updates * batch, ...width],
    data,
  });
  const observation = flatSize(spaces.observation);
  const columns = {
    observations: column(helping.observations, observation),
    actions: column(helping.actions, actionSize(spaces.action)),
    rewards: column(helping.rewards),
    discounts: column(helping.discounts),
    nextObservations: column(helping.nextObservations, observation),
    weights: column(helping.weights),
  };
  return (from: number, to: number) => {
    const part = (whole: HostTensor) => rowsOf(whole, from, to);
    const { observations, actions, rewards, discounts, nextObservations, weights } = columns;
    return {
      observations: part(observations),
      actions: part(actions),
      rewards: part(rewards),
      discounts: part(discounts),
      nextObservations: part(nextObservations),
      weights: part(weights),
    };
  };
}
