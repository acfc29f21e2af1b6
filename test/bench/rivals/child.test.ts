import { afterEach, expect, it } from 'vitest';
import { Child } from '../../../src/bench/rivals/child.ts';

let child: Child;
afterEach(() => child.stop());

/** A child that runs a line of JavaScript. */
function start(script: string): Child {
  child = new Child('them', process.execPath, ['-e', script]);
  return child;
}

it('answers questions in their order', async () => {
  const them = start(`
    console.log('{"hello":1}');
    require('readline').createInterface({input: process.stdin}).on('line', line =>
      console.log(JSON.stringify({twice: 2 * JSON.parse(line).number})))`);
  expect(await them.first()).toEqual({ hello: 1 });
  expect(await them.ask({ number: 2 })).toEqual({ twice: 4 });
  expect(await them.ask({ number: 3 })).toEqual({ twice: 6 });
});

it('an error that a child answers is thrown in its own words', async () => {
  const them = start(`process.stdin.once('data', () => console.log('{"error":"no such op"}'))`);
  await expect(them.ask({})).rejects.toThrow('them: no such op');
});

it('a child that ends says how, with the last line that it wrote', async () => {
  const them = start(`console.error('Traceback\\nValueError: no'); process.exitCode = 3`);
  await expect(them.first()).rejects.toThrow('them ended with 3: ValueError: no');
  await expect(them.ask({})).rejects.toThrow('them ended with 3');
});

it('a line that is no JSON is shown', async () => {
  await expect(start(`console.log('Using cpu device')`).first()).rejects.toThrow(
    'them: expected a line of JSON, got Using cpu device',
  );
});

it('a command that is not there is said by its code', async () => {
  child = new Child('them', '/nowhere/python3', []);
  await expect(child.first()).rejects.toMatchObject({ code: 'ENOENT' });
});
