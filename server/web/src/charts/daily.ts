// A size at the end of each day in UTC, from the days in which it changed.
import type { Schemas } from '../api/client';

const DAY_MS = 86_400_000;

type Performance = Pick<Schemas['SegmentPerformance'], 'count' | 'count_before' | 'trend'>;

/** The last days, the oldest first; begins with the day of the first size that is known. */
export function daily({ count, count_before, trend }: Performance, days: number, now: string): number[] {
  const today = Math.floor(new Date(now).getTime() / DAY_MS);
  const at = new Map(trend.map((point) => [Math.floor(new Date(point.from).getTime() / DAY_MS), point.count]));
  const values: number[] = [];
  let current = count_before ?? undefined;
  for (let day = today - days + 1; day < today; day++) {
    current = at.get(day) ?? current;
    if (current !== undefined) values.push(current);
  }
  // Today is not over: what counts is now.
  return [...values, count];
}

/** The last days, the oldest first; the last one is the instant itself. */
export function daysUntil(now: string, count: number): string[] {
  const today = Math.floor(new Date(now).getTime() / DAY_MS);
  const past = Array.from({ length: Math.max(0, count - 1) }, (_, i) => new Date((today - count + 1 + i) * DAY_MS).toISOString());
  return count > 0 ? [...past, now] : [];
}
