import { expect, test } from 'vitest';
import type { Copy } from '../../../src/actors/runtime/copy.ts';
import { type End, Graph } from '../../../src/actors/runtime/graph.ts';
import type { Seat } from '../../../src/actors/runtime/seats.ts';

/** Copies that exist by name only, linked as `a>b`. */
function orderOf(names: string, ...links: string[]): string {
  const graph = new Graph({} as Seat);
  const copies = new Map(
    [...names].map(name => [name, { name, ending: false, seat: {}, attach() {} } as unknown as Copy]),
  );
  const end = (name: string): End => ({
    actor: name,
    portName: 'x',
    port: { port: 'value' },
    copies: [copies.get(name) as Copy],
  });
  for (const link of links) {
    const [from, to] = link.split('>');
    graph.link(graph.output(end(from)), graph.input(end(to)), {});
  }
  return graph
    .producersFirst([...copies.values()])
    .map(({ name }) => name)
    .join('');
}

test.each([
  ['as they were given, where nothing is linked', 'bac', [], 'bac'],
  ['producers before consumers', 'cba', ['a>b', 'b>c'], 'abc'],
  ['over an actor in between', 'dca', ['a>c', 'c>d'], 'acd'],
  ['those in a circle as they were given', 'bca', ['a>b', 'b>c', 'c>a'], 'bca'],
  ['a circle between who feeds it and whom it feeds', 'dbac', ['c>a', 'a>b', 'b>a', 'b>d'], 'cbad'],
  ['one that sends to itself', 'ba', ['a>a', 'a>b'], 'ab'],
])('copies are ended %s', (_what, names, links, order) => {
  expect(orderOf(names, ...links)).toBe(order);
});

test('a circle of which only a part is ended', () => {
  expect(orderOf('ab', 'a>b', 'b>a')).toBe('ab');
});
