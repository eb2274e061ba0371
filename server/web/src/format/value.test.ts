import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { inWords, knowFields, readable } from './field';
import { showCurrency } from './number';
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

it('money is in the currency, and no other number is', () => {
  showCurrency('EUR');
  expect([valueOf(1200.5, 'decimal(2)', words), valueOf(1200.5, 'decimal(3)', words), valueOf(1200, 'int', words)]).toEqual(['€1,200.50', '1,200.500', '1,200']);
  showCurrency(null);
});

it('a name keeps its capitals', () => expect([readable('sms_consent'), readable('landing_url'), readable('smsish')]).toEqual(['SMS consent', 'Landing URL', 'Smsish']));

it('a size has a unit that fits it', () => {
  expect([size(0), size(999), size(1_234), size(12_345_678), size(3e9)]).toEqual(['0 bytes', '999 bytes', '1.2 kB', '12 MB', '3 GB']);
});

describe('a sentence of the server', () => {
  beforeEach(() => knowFields(['total_spent', 'city', 'a.b']));
  afterEach(() => knowFields([]));
  it.each([
    ['"total_spent" is decimal(2)', '“Total spent” is decimal(2)'],
    ['no profile has "Wien" in "city"', 'no profile has "Wien" in “City”'],
    ['total_spent >= 200 says as much', 'total spent >= 200 says as much'],
    ['the city a.b of last_purchase', 'the city a b of last_purchase'],
    ['there is no field "total_spend"', 'there is no field "total_spend"'],
  ])('%j reads %j', (sentence, told) => expect(inWords(sentence)).toBe(told));
});
