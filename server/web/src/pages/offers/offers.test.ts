import { describe, expect, it } from 'vitest';

import type { Matching, Offer } from '../../api/offers';
import { partsOf, weightsOf } from '../../api/reasons';
import { kindOf, narrowed } from './narrow';
import { broughtBy, curveOf, mostReachable, reaching, usualLeast } from './scores';
import { USUAL, greatest, requestOf, typedOf as typedSettings } from './settings';
import { typedOf, wishOf } from './wish';

const NOW = new Date('2026-11-28T12:00:00Z');

const offer = (id: number, more: Partial<Offer> = {}): Offer => ({
  id,
  name: `Offer ${id}`,
  genres: [],
  event_types: [],
  artists: [],
  status: 'active',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  ...more,
});

const DISTRIBUTION = [
  { score: 75, count: 2 },
  { score: 45, count: 10 },
  { score: 5, count: 100 },
];

describe('scores', () => {
  it('say how many reach one', () => expect([1, 5, 6, 45, 46, 76].map((least) => reaching(DISTRIBUTION, least))).toEqual([112, 112, 12, 12, 2, 0]));
  it('fall in steps, with a corner at either side, both ends, and the chosen one', () =>
    expect(curveOf(DISTRIBUTION, 100, 60)).toEqual([
      { from: 1, count: 112 },
      { from: 5, count: 112 },
      { from: 6, count: 12 },
      { from: 45, count: 12 },
      { from: 46, count: 2 },
      { from: 60, count: 2 },
      { from: 75, count: 2 },
      { from: 76, count: 0 },
      { from: 100, count: 0 },
    ]));
  it('reach the sum of what people can have; living there counts once', () => {
    const factors = [
      { reason: 'genre_match', weight: 25, count: 9 },
      { reason: 'location_match', weight: 10, count: 3 },
      { reason: 'location_match', weight: 4, count: 8 },
    ];
    expect(mostReachable(factors)).toBe(35);
    expect(usualLeast(factors)).toBe(21);
    expect(usualLeast([])).toBe(1);
    const brought = broughtBy(factors, { ...USUAL, watchlist: 0 });
    expect(brought.map(({ key, count, isCountry }) => [key, count, isCountry])).toEqual([
      ['genre', 9, false],
      ['type', undefined, false],
      ['artist', undefined, false],
      ['price', undefined, false],
      ['location', 3, false],
      ['location', 8, true],
      ['engagement', undefined, false],
    ]);
  });
});

describe('the reasons of a score', () => {
  it('stand in their order, with those that do not hold, and what is worth nothing is left out', () => {
    const told = [
      { reason: 'location_match', weight: 4 },
      { reason: 'genre_match', weight: 25 },
      { reason: 'of_a_newer_server', weight: 9 },
    ];
    expect(partsOf(told, { ...USUAL, artist: 0, price: 0, engagement: 0, watchlist: 0 })).toEqual([
      { key: 'genre', value: 25, most: 25 },
      { key: 'type', value: 0, most: 20 },
      { key: 'location', value: 4, most: 10 },
    ]);
  });
  it('are worth nothing where nothing is said', () => expect(weightsOf({ genre: 3 })).toMatchObject({ genre: 3, type: 0 }));
});

describe('the list', () => {
  const offers = [
    offer(1, { starts_at: '2027-05-01T00:00:00Z', city: 'Berlin' }),
    offer(2, { starts_at: '2027-01-01T00:00:00Z', genres: ['Rock'] }),
    offer(3),
    offer(4, { starts_at: '2026-10-01T00:00:00Z' }),
    offer(5, { starts_at: '2026-11-01T00:00:00Z' }),
    offer(6, { status: 'draft', city: 'Berlin' }),
    offer(7, { status: 'archived', starts_at: '2020-01-01T00:00:00Z' }),
  ];
  const ids = (kind: Parameters<typeof narrowed>[1], text = '') => narrowed(offers, kind, text, NOW).map((one) => one.id);
  it('has the next one first, what has no day last', () => expect(ids('ahead')).toEqual([2, 1, 3]));
  it('has the last one first of what is over', () => expect(ids('over')).toEqual([5, 4]));
  it('has drafts, what is put away, and all', () => expect([ids('draft'), ids('archived'), ids('all').length]).toEqual([[6], [7], 7]));
  it('is searched by every word, in capitals or not', () => {
    expect([ids('all', 'berlin'), ids('all', 'ROCK offer'), ids('ahead', 'berlin draft')]).toEqual([[1, 6], [2], []]);
  });
  it('is over from its beginning on', () => expect(kindOf(offer(1, { starts_at: NOW.toISOString() }), NOW)).toBe('over'));
});

describe('what is typed', () => {
  it('asks for a new offer, with nothing where nothing is typed', () => {
    const typed = { ...typedOf(), name: ' Gala ', begins: '2027-07-01T18:00', priceMin: 0, id: 42 };
    expect(wishOf(typed)).toEqual({
      id: 42,
      name: 'Gala',
      status: 'active',
      starts_at: '2027-07-01T18:00:00Z',
      genres: [],
      event_types: [],
      artists: [],
      price_min: 0,
      price_max: null,
      city: null,
      country: null,
    });
  });
  it('leaves the seconds of a beginning that was not touched', () => {
    const saved = offer(1, { starts_at: '2027-07-01T18:00:30Z' });
    expect(wishOf(typedOf(saved), saved).starts_at).toBe('2027-07-01T18:00:30Z');
    expect(wishOf({ ...typedOf(saved), begins: '' }, saved).starts_at).toBeNull();
    expect(wishOf({ ...typedOf(saved), begins: '2027-07-01T19:00' }, saved).starts_at).toBe('2027-07-01T19:00:00Z');
  });
});

describe('the settings', () => {
  const saved: Matching = {
    weights: { ...USUAL },
    max_score: 100,
    country_weight: 10,
    engagement_min: 70,
    price_tolerance_percent: 50,
    fields: { genres: 'tastes' },
    data_version: 1,
  };
  it('say everything again, but for a country that is worth what the place is', () => {
    const asked = requestOf(typedSettings(saved));
    expect(asked).toEqual({ weights: USUAL, engagement_min: 70, price_tolerance_percent: 50, fields: { genres: 'tastes' } });
    expect(requestOf(typedSettings({ ...saved, country_weight: 4 })).country_weight).toBe(4);
    expect(requestOf(typedSettings({ ...saved, country_weight: 0 })).country_weight).toBe(0);
  });
  it('are added up while they are typed', () => expect(greatest({ ...USUAL, genre: '', type: '7' })).toBe(62));
});
