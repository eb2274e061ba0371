import { describe, expect, it } from 'vitest';

import { size } from './size';
import { valueOf } from './value';

const words = { yes: 'yes', no: 'no', empty: 'empty' };

describe('a value', () => {
  it.each([
    [undefined, 'int', ''],
    [null, 'keyword', ''],
    [false, 'bool', 'no'],
    [1234567, 'int', '1,234,567'],
    [1200.5, 'decimal(2)', '1,200.50'],
    [0.125, 'float', '0.125'],
    ['2026-11-20', 'date', '20 Nov 2026'],
    ['2026-11-20T12:15:27Z', 'time', '20 Nov 2026, 12:15'],
    ['2026-11-20', 'keyword', '2026-11-20'],
    [['rock', 'pop'], 'keyword_set', 'rock, pop'],
    [[], 'keyword_set', 'empty'],
  ])('%j of type %s is %j', (value, type, told) => expect(valueOf(value, type, words)).toBe(told));
});

it('a size has a unit that fits it', () => {
  expect([size(0), size(999), size(1_234), size(12_345_678), size(3e9)]).toEqual(['0 bytes', '999 bytes', '1.2 kB', '12 MB', '3 GB']);
});
