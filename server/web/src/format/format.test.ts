import { afterEach, describe, expect, it } from 'vitest';

import { change, count, growth, share, short, took } from './number';
import { ago, day, dayAndTime, showZone } from './time';

describe('numbers', () => {
  it('shows every digit of a count', () => expect(count(1_247_890)).toBe('1,247,890'));
  it('shortens where there is little room', () => expect(short(1_247_890)).toBe('1.25M'));
  it('signs a change', () => expect([change(99), change(-3), change(0)]).toEqual(['+99', '-3', '0']));
  it('never rounds somebody away', () => {
    expect([share(0), share(0.00001), share(0.0123), share(0.99999), share(1)]).toEqual([
      '0%',
      '<0.1%',
      '1.2%',
      '>99.9%',
      '100%',
    ]);
  });
  it('signs growth', () => expect([growth(0.1), growth(-0.015), growth(0)]).toEqual(['+10%', '-1.5%', '0%']));
  it('says how long it took', () => expect([took(340), took(1_234), took(2_100_000)]).toEqual(['340 µs', '1.2 ms', '2.1 s']));
});

describe('times', () => {
  afterEach(() => showZone('UTC'));
  it('are those of the zone', () => {
    const midnight = '2026-11-27T23:30:00Z';
    expect(day(midnight)).toBe('27 Nov 2026');
    showZone('Europe/Berlin');
    expect(dayAndTime(midnight)).toBe('28 Nov 2026, 00:30');
  });
  it('are told from now', () => {
    const now = new Date('2026-11-28T12:00:00Z');
    expect(ago('2026-11-28T11:59:40Z', now)).toBe('just now');
    expect(ago('2026-11-28T09:00:00Z', now)).toBe('3 hours ago');
    expect(ago('2026-09-01T09:00:00Z', now)).toBe('1 Sept 2026');
  });
});
