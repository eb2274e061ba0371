// Saved segments.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { client, told } from './client';
import { LIVE_MS } from './live';

/** Segments of one page of the list. */
const PAGE = 50;

export interface SegmentFilter {
  q?: string;
  status?: string;
  tag?: string;
  sort: string;
}

/** The segments that fit, page by page, with their sizes. */
export const segmentList = (filter: SegmentFilter) =>
  infiniteQueryOptions({
    queryKey: ['segments', filter],
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: String(PAGE), ...(pageParam ? { cursor: pageParam } : {}), ...filter };
      return told(client.GET('/api/segments', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: LIVE_MS,
  });

/** Ready-made segments, and what of the fields and events that each needs is not there. */
export const templates = queryOptions({
  queryKey: ['segments', 'templates'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/segments/templates', { signal }))).templates,
  staleTime: 60_000,
});

/** Who uses a segment. */
export const usedBy = (id: number) =>
  queryOptions({
    queryKey: ['used-by', id],
    queryFn: ({ signal }) =>
      told(client.GET('/api/segments/{id}/used-by', { params: { path: { id: String(id) } }, signal })),
    staleTime: 60_000,
  });
