import { describe, expect, it } from 'vitest';
import { barText, figureText } from '../../src/report/html.ts';

describe('numbers for people', () => {
  it.each([
    [0.207_6, '0.208'],
    [40.95, '41'],
    [172.24, '172.2'],
    [303_104, '303,104'],
    [1_234_567, '1.23e6'],
    [0.000_123_4, '1.23e-4'],
    [Number.NaN, 'NaN'],
  ])('a figure of %d is told in a few digits: %s', (value, text) => {
    expect(figureText(value)).toBe(text);
  });

  it.each([
    [0.8, '0.8'],
    [40.95, '40.95'],
    [-172.24, '-172.24'],
    [1_000, '1,000'],
    [1_234_567, '1.234567e6'],
    [0.000_123_4, '1.234e-4'],
    [0, '0'],
  ])('a bar of %d is told with all of them: %s', (value, text) => {
    expect(barText(value)).toBe(text);
  });
});
