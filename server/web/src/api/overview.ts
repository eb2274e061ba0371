// What the home page asks for.
import { queryOptions } from '@tanstack/react-query';

import { knowFields } from '../format/field';
import { dayBegin } from '../format/time';
import { type Schemas, client, told } from './client';
import { LIVE_MS } from './live';

/** Snapshots that one page of the server's list may hold. */
const SNAPSHOTS_MAX = 1_000;

/** All sizes at one instant. */
export const dashboard = queryOptions({
  queryKey: ['dashboard'],
  queryFn: ({ signal }) => told(client.GET('/api/dashboard', { signal })),
  refetchInterval: LIVE_MS,
});

/** How the sizes went in the last days, and who moved since the day of the tenant began. */
export const analytics = (days: number) =>
  queryOptions({
    queryKey: ['analytics', days],
    queryFn: ({ signal }) =>
      told(
        client.GET('/api/analytics/segments', {
          params: { query: { days: String(days), since: dayBegin(new Date()) } },
          signal,
        }),
      ),
    refetchInterval: LIVE_MS,
  });

/** How many people there were in the last days. */
export const growth = (days: number) =>
  queryOptions({
    queryKey: ['growth', days],
    queryFn: ({ signal }) => told(client.GET('/api/analytics/population', { params: { query: { days: String(days) } }, signal })),
    refetchInterval: LIVE_MS,
  });

/** The fields, and how many people have a value of each. */
export const schema = queryOptions({
  queryKey: ['schema'],
  queryFn: async ({ signal }) => {
    const answer = await told(client.GET('/api/schema', { signal }));
    knowFields(answer.fields.map(({ name }) => name));
    return answer;
  },
  staleTime: 60_000,
});

/** All snapshots, the newest first. */
export const snapshots = queryOptions({
  queryKey: ['snapshots'],
  queryFn: async ({ signal }) => {
    const params = { query: { limit: String(SNAPSHOTS_MAX) } };
    const { items } = await told(client.GET('/api/snapshots', { params, signal }));
    return items.sort((a, b) => b.created_at.localeCompare(a.created_at));
  },
  refetchInterval: LIVE_MS,
});

/** What the server tells whoever it knows; the page is seen by nobody else. */
type Told = Required<Pick<Schemas['Health'], 'version' | 'data_version' | 'durability' | 'erasures' | 'memory'>>;

/** Whether everything works. */
export const health = queryOptions({
  queryKey: ['health'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/health', { signal }))) as Schemas['Health'] & Told,
  refetchInterval: LIVE_MS,
});

/** That a segment holds another is how people work, not a mistake. */
const NO_MISTAKES = ['contained', 'containing'];

export interface Finding {
  segment: { id: number; name: string };
  code: string;
  message: string;
}

/** What saved rules say in vain. One after the other: it takes the server longer than a count does. */
export const findings = (segments: Schemas['DashboardSegment'][]) =>
  queryOptions({
    queryKey: ['findings', segments.map((segment) => [segment.id, segment.updated_at])],
    queryFn: async ({ signal }) => {
      const found: Finding[] = [];
      for (const { id, name } of segments) {
        const answer = await told(client.POST('/api/segments/lint', { body: { segment: id as never }, signal }));
        const mistakes = answer.findings.filter((one) => !NO_MISTAKES.includes(one.code));
        found.push(...mistakes.map(({ code, message }) => ({ segment: { id, name }, code, message })));
      }
      return found;
    },
    staleTime: 300_000,
  });
