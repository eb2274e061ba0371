import { expect, it } from 'vitest';

import { daily, daysUntil } from './daily';

const now = '2026-11-28T10:00:00Z';
const point = (day: string, count: number) => ({ from: `2026-11-${day}T00:00:00Z`, count, entered: 0, left: 0 });

it('a size stays until it changes', () => {
  expect(daily({ count: 9, count_before: 5, trend: [point('26', 7)] }, 5, now)).toEqual([5, 5, 7, 7, 9]);
});

it('a young segment begins where it is known', () => {
  expect(daily({ count: 9, count_before: null, trend: [point('27', 8)] }, 30, now)).toEqual([8, 9]);
});

it('days end with the instant itself', () => {
  expect(daysUntil('2026-11-28T12:34:00Z', 3)).toEqual(['2026-11-26T00:00:00.000Z', '2026-11-27T00:00:00.000Z', '2026-11-28T12:34:00Z']);
  expect(daysUntil('2026-11-28T12:34:00Z', 0)).toEqual([]);
});
