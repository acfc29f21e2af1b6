import { Random } from '../../core/random.ts';
import { compile, type Tensor, tf } from '../../tensors/index.ts';
import {
  type LanguageModel,
  type LanguageModelConfig,
  languageModelInit,
  nextTokenLogits,
  readTokens,
} from '../language-model/index.ts';
import {
  type RankQuery,
  type RankReply,
  replyOf,
  rowsOfQuery,
  type ScoredRow,
  type ScoreRow,
} from './ranking.ts';

/** Rows that go through the model at once. */
const block = 160;
/** Asked about nothing: its probability is left out. */
const none = -1;

interface Inputs {
  readonly params: LanguageModel<Tensor>;
  /** [rows, length], int32 */
  readonly ids: Tensor;
  /** [rows, slots], int32: after which token */
  readonly at: Tensor;
  /** [rows, slots], int32 */
  readonly tokens: Tensor;
}

/** log p and "is the most probable" of tokens at places, [rows, slots] each. */
function score({ params, ids, at, tokens }: Inputs, config: LanguageModelConfig) {
  const [rows, length] = ids.shape as [number, number];
  const slots = at.shape[1] ?? 1;
  const { hidden } = readTokens(params, ids, config);
  // Only the places that are asked about go through the output layer.
  const places = tf.reshape(tf.oneHot(tf.reshape(at, [rows * slots]), length, 1, 0, 'float32'), [
    rows,
    slots,
    length,
  ]);
  const logits = nextTokenLogits(params, tf.matMul(places, hidden));
  const vocabulary = logits.shape[2] ?? 1;
  const logs = tf.reshape(tf.logSoftmax(logits), [rows * slots, vocabulary]);
  const own = tf.oneHot(tf.reshape(tokens, [rows * slots]), vocabulary, 1, 0, 'float32');
  const logp = tf.sum(tf.mul(logs, own), 1);
  return {
    logp: tf.reshape(logp, [rows, slots]),
    said: tf.reshape(tf.cast(tf.greaterEqual(logp, tf.max(logs, 1)), 'float32'), [rows, slots]),
  };
}

/** Compiles how a model answers queries. @param vocabulary how many tokens there are */
export async function compileScoring(config: LanguageModelConfig, vocabulary: number) {
  const form = languageModelInit(Random.fromSeed(0), config, vocabulary);
  const program = await compile((inputs: Inputs) => score(inputs, config), {
    name: 'rank classification',
    state: { params: form },
  });

  async function scoreRows(rows: readonly ScoreRow[]): Promise<ScoredRow[]> {
    const length = Math.max(...rows.map(({ ids }) => ids.length));
    const slots = Math.max(...rows.map(({ at }) => at.length));
    const many = Math.min(block, rows.length);
    const scored: ScoredRow[] = [];
    for (let from = 0; from < rows.length; from += many) {
      const some = rows.slice(from, from + many);
      const matrix = (width: number, fill: number, of: (row: ScoreRow) => readonly number[]) => {
        const data = new Int32Array(many * width).fill(fill);
        some.forEach((row, i) => {
          data.set(of(row), i * width);
        });
        return { shape: [many, width], data };
      };
      const { logp, said } = await program({
        ids: matrix(length, 0, ({ ids }) => ids),
        at: matrix(slots, 0, ({ at }) => at),
        tokens: matrix(slots, none, ({ tokens }) => tokens),
      });
      some.forEach(({ at }, i) => {
        const end = i * slots + at.length;
        scored.push({
          logp: Array.from(logp.data.subarray(i * slots, end)),
          said: Array.from(said.data.subarray(i * slots, end), value => value === 1),
        });
      });
    }
    return scored;
  }

  let last: Promise<unknown> = Promise.resolve();
  async function answerAll(params: Float32Array, queries: readonly RankQuery[]): Promise<RankReply[]> {
    if (queries.length === 0) return [];
    program.state.setFlat('params', params);
    const asked = queries.map(rowsOfQuery);
    const scored = await scoreRows(asked.flat());
    let at = 0;
    return queries.map((query, i) => {
      const own = scored.slice(at, at + asked[i].length);
      at += own.length;
      return replyOf(query, own);
    });
  }

  return {
    /** The replies to some queries, in their order. Callers take turns. @param params all of a model's, end to end */
    answer(params: Float32Array, queries: readonly RankQuery[]): Promise<RankReply[]> {
      const answered = last.then(() => answerAll(params, queries));
      last = answered.catch(() => {});
      return answered;
    },
    dispose: () => program.dispose(),
  };
}
