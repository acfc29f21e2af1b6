/** The lines of a stream of text, as they come. */
export async function* lines(stream) {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const [...whole] = (rest + chunk).split('\n');
    rest = whole.pop();
    yield* whole;
  }
}
