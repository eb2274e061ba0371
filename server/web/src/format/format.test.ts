import { afterEach, describe, expect, it } from 'vitest';

import { change, count, growth, price, share, short, showCurrency, took, wholePrice } from './number';
import { ago, calendarDay, day, dayAndTime, dayBegin, instantOf, shortCalendarDay, showZone, shownAt, withTimes, zoneName } from './time';

describe('numbers', () => {
  it('shows every digit of a count', () => expect(count(1_247_890)).toBe('1,247,890'));
  it('shortens where there is little room', () => expect(short(1_247_890)).toBe('1.25M'));
  it('signs a change', () => expect([change(99), change(-3), change(0)]).toEqual(['+99', '−3', '0']));
  it('never rounds somebody away', () => {
    expect([share(0), share(0.00001), share(0.0123), share(0.99999), share(1)]).toEqual([
      '0%',
      '<0.1%',
      '1.2%',
      '>99.9%',
      '100%',
    ]);
  });
  it('signs growth', () => expect([growth(0.1), growth(-0.015), growth(0)]).toEqual(['+10%', '−1.5%', '0%']));
  it('says how long it took', () => expect([took(340), took(1_234), took(2_100_000)]).toEqual(['340 µs', '1.2 ms', '2.1 s']));
});

describe('amounts', () => {
  afterEach(() => showCurrency(null));
  it('are those of the tenant’s currency', () => {
    expect([price(1_249), wholePrice(1_249.5)]).toEqual(['1,249.00', '1,250']);
    showCurrency('EUR');
    expect([price(1_249), price(0.1255), price(-3), wholePrice(1_249.5)]).toEqual(['€1,249.00', '€0.1255', '-€3.00', '€1,250']);
  });
  it('have as many digits as is usual in it', () => {
    showCurrency('JPY');
    expect([price(1_249), price(1_249.5)]).toEqual(['¥1,249', '¥1,249.5']);
    showCurrency('KWD');
    expect(price(1.5)).toBe('KWD\u00a01.500');
  });
  it('are bare where there is no currency, or none that the browser knows', () => {
    for (const unknown of [null, undefined, '', 'EURO']) {
      showCurrency(unknown);
      expect(price(49)).toBe('49.00');
    }
  });
});

describe('times', () => {
  afterEach(() => showZone(null));
  it('are those of the zone', () => {
    const midnight = '2026-11-27T23:30:00Z';
    expect([day(midnight), zoneName()]).toEqual(['27 Nov 2026', 'UTC']);
    showZone('Europe/Berlin');
    expect([dayAndTime(midnight), zoneName()]).toEqual(['28 Nov 2026, 00:30', 'Berlin time']);
    showZone('America/Argentina/Buenos_Aires');
    expect([dayAndTime(midnight), zoneName()]).toEqual(['27 Nov 2026, 20:30', 'Buenos Aires time']);
  });
  it('are in UTC where the zone is not known', () => {
    for (const unknown of [null, undefined, '', 'Mars/Olympus']) {
      showZone(unknown);
      expect([dayAndTime('2026-11-28T12:00:00Z'), zoneName()]).toEqual(['28 Nov 2026, 12:00', 'UTC']);
    }
  });
  it('leave a day of the calendar where it is', () => {
    showZone('America/New_York');
    expect([calendarDay('2026-11-28'), shortCalendarDay('2026-11-28T00:00:00Z')]).toEqual(['28 Nov 2026', '28 Nov']);
    expect(day('2026-11-28T00:00:00Z')).toBe('27 Nov 2026');
  });
  it('are half an hour off where the zone is', () => {
    showZone('Asia/Kolkata');
    expect(dayAndTime('2026-11-28T18:29:00Z')).toBe('28 Nov 2026, 23:59');
    expect(dayBegin('2026-11-28T18:29:59Z')).toBe('2026-11-27T18:30:00Z');
    expect(dayBegin('2026-11-28T18:30:00Z')).toBe('2026-11-28T18:30:00Z');
    expect(instantOf('2026-11-28T08:55')).toBe('2026-11-28T03:25:00Z');
  });
  it('are read in sentences of the server', () => {
    showZone('Europe/Berlin');
    expect(withTimes('is 2026-11-20T23:08:32.5Z; fits')).toBe('is 21 Nov 2026, 00:08; fits');
  });
  it('are told from now', () => {
    const now = new Date('2026-11-28T12:00:00Z');
    expect(ago('2026-11-28T11:59:40Z', now)).toBe('just now');
    expect(ago('2026-11-28T09:00:00Z', now)).toBe('3 hours ago');
    expect(ago('2026-09-01T09:00:00Z', now)).toBe('1 Sept 2026');
  });
});

describe('across a change of the clocks', () => {
  afterEach(() => showZone(null));
  it('a day has 23 or 25 hours', () => {
    showZone('Europe/Berlin');
    expect([dayBegin('2026-03-29T12:00:00Z'), dayBegin('2026-03-30T12:00:00Z')]).toEqual(['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z']);
    expect([dayBegin('2026-10-25T12:00:00Z'), dayBegin('2026-10-26T12:00:00Z')]).toEqual(['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z']);
    expect(dayAndTime('2026-03-29T01:00:00Z')).toBe('29 Mar 2026, 03:00');
  });
  it('an hour that is skipped is where it is skipped, and of one that comes twice the first is meant', () => {
    showZone('Europe/Berlin');
    expect(instantOf('2026-03-29T02:30')).toBe('2026-03-29T01:00:00Z');
    expect(instantOf('2026-10-25T02:30')).toBe('2026-10-25T00:30:00Z');
  });
  it('a day may begin after midnight', () => {
    showZone('Africa/Cairo');
    expect(dayBegin('2026-04-24T12:00:00Z')).toBe('2026-04-23T22:00:00Z');
    expect(shownAt(dayBegin('2026-04-24T12:00:00Z'))).toBe('2026-04-24T01:00');
  });
  it.each(['UTC', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia', 'Europe/Berlin'])('%s: what is shown leads back', (zone) => {
    showZone(zone);
    for (let at = Date.parse('2026-01-01T00:00:00Z'); at < Date.parse('2027-01-01T00:00:00Z'); at += 41 * 3_600_000) {
      const shown = shownAt(new Date(at));
      expect(shownAt(instantOf(shown))).toBe(shown);
      expect(shownAt(dayBegin(new Date(at))).slice(0, 10)).toBe(shown.slice(0, 10));
    }
  });
});
