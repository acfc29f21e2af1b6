/** A DQN step worked out in float64, by differences instead of derivatives, apart from everything in `src`. */
export interface Layer {
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
}
/** Parameters end to end, as layers of a network take them off the front. */
export type Network = (parameters: readonly number[], observation: readonly number[]) => number[];

export interface Row {
  readonly observation: readonly number[];
  readonly action: number;
  readonly reward: number;
  readonly discount: number;
  readonly next: readonly number[];
  readonly weight: number;
}

export interface Settings {
  readonly network: Network;
  readonly double: boolean;
  readonly huber: boolean;
  readonly learningRate: number;
  readonly maxGradientNorm: number;
}

const relu = (x: number): number => Math.max(0, x);

/** The layers of the given sizes, relu between them. @returns the outputs and how many parameters were taken */
export function layers(
  parameters: readonly number[],
  from: number,
  sizes: readonly number[],
  x: readonly number[],
  last: (x: number) => number = y => y,
): { readonly y: number[]; readonly to: number } {
  let values = [...x];
  let at = from;
  sizes.slice(1).forEach((outputs, l) => {
    const inputs = sizes[l];
    const bias = at + inputs * outputs;
    const activation = l === sizes.length - 2 ? last : relu;
    values = Array.from({ length: outputs }, (_, j) => {
      let sum = parameters[bias + j];
      for (let i = 0; i < inputs; i++) sum += values[i] * parameters[at + i * outputs + j];
      return activation(sum);
    });
    at = bias + outputs;
  });
  return { y: values, to: at };
}

/** One stack of layers. */
export const plain =
  (...sizes: number[]): Network =>
  (parameters, x) =>
    layers(parameters, 0, sizes, x).y;

/** A trunk of one layer, then a stream for the state and one for advantages (Wang et al. 2016, eq. 9). */
export const dueling =
  (inputs: number, width: number, last: number, actions: number): Network =>
  (parameters, x) => {
    const trunk = layers(parameters, 0, [inputs, width], x, relu);
    const state = layers(parameters, trunk.to, [width, last, 1], trunk.y);
    const { y } = layers(parameters, state.to, [width, last, actions], trunk.y);
    const mean = y.reduce((sum, a) => sum + a, 0) / actions;
    return y.map(a => state.y[0] + a - mean);
  };

const argMax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

export function targetOf(online: readonly number[], target: readonly number[], row: Row, of: Settings) {
  const judged = of.network(target, row.next);
  const best = argMax(of.double ? of.network(online, row.next) : judged);
  return row.reward + row.discount * judged[best];
}

export function lossOf(
  online: readonly number[],
  targets: readonly number[],
  rows: readonly Row[],
  { network, huber }: Settings,
): number {
  const each = rows.map((row, i) => {
    const e = Math.abs(targets[i] - network(online, row.observation)[row.action]);
    return row.weight * (huber && e > 1 ? e - 0.5 : 0.5 * e * e);
  });
  return each.reduce((sum, x) => sum + x, 0) / rows.length;
}

/** The first step of Adam: m̂ = g and v̂ = g². */
export function firstStep(
  online: readonly number[],
  target: readonly number[],
  rows: readonly Row[],
  of: Settings,
) {
  const targets = rows.map(row => targetOf(online, target, row, of));
  const loss = lossOf(online, targets, rows, of);
  const h = 1e-6;
  const gradient = online.map((_, k) => {
    const at = (by: number) => lossOf(online.with(k, online[k] + by), targets, rows, of);
    return (at(h) - at(-h)) / (2 * h);
  });
  const norm = Math.hypot(...gradient);
  const scale = Math.min(1, of.maxGradientNorm / norm);
  return {
    loss,
    gradient,
    norm,
    errors: rows.map((row, i) => Math.abs(targets[i] - of.network(online, row.observation)[row.action])),
    online: online.map(
      (w, k) => w - (of.learningRate * gradient[k] * scale) / (Math.abs(gradient[k] * scale) + 1),
    ),
  };
}
