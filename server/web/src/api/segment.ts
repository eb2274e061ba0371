// One segment: read, saved, compared with what it was, and who is in it.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { LIVE_MS } from './live';
import type { Criteria } from './rule';

/** Members of one page. */
const PAGE = 50;

/** People shown of each direction of a change. */
const MOVED = 5;

export type Segment = Schemas['SegmentAnswer'];

const at = (id: number | string) => ({ path: { id: String(id) } });

export const segment = (id: string) =>
  queryOptions({
    queryKey: ['segment', id],
    queryFn: ({ signal }) => told(client.GET('/api/segments/{id}', { params: at(id), signal })),
    refetchInterval: LIVE_MS,
  });

export interface Saved {
  name: string;
  description: string;
  tags: string[];
  status: string;
  owner: string;
  /** Left out of a segment that is no rule. */
  criteria?: Criteria;
}

/** Saves a new segment. */
export const create = (saved: Saved) => told(client.POST('/api/segments', { body: saved as never }));

/** Saves a change to a version; refused with 412 if there is a newer one, with 409 if it moves much and is not confirmed. */
export const change = (id: number, version: number | null, changed: Partial<Saved> & { confirm?: boolean }) =>
  told(
    client.PATCH('/api/segments/{id}', {
      params: { ...at(id), header: version === null ? {} : { 'If-Match': `"${version}"` } },
      body: changed as never,
    }),
  );

/** Deletes a segment; refused with 409 while it is used. */
export const remove = (id: number) => told(client.DELETE('/api/segments/{id}', { params: at(id) }));

/** Whom a change would move. */
export const moved = (id: number, criteria: Criteria) =>
  queryOptions({
    queryKey: ['diff', id, criteria],
    queryFn: ({ signal }) =>
      told(client.POST('/api/segments/{id}/diff', { params: at(id), body: { criteria: criteria as never, sample: MOVED }, signal })),
    retry: false,
  });

export const versions = (id: number) =>
  queryOptions({
    queryKey: ['versions', id],
    queryFn: ({ signal }) => told(client.GET('/api/segments/{id}/versions', { params: at(id), signal })),
  });

export const version = (id: number, number: number) =>
  queryOptions({
    queryKey: ['version', id, number],
    queryFn: ({ signal }) =>
      told(
        client.GET('/api/segments/{id}/versions/{version}', {
          params: { path: { id: String(id), version: number } },
          signal,
        }),
      ),
    staleTime: Infinity,
  });

export const difference = (id: number, from: number, to: number) =>
  queryOptions({
    queryKey: ['difference', id, from, to],
    queryFn: ({ signal }) =>
      told(
        client.GET('/api/segments/{id}/versions/{version}/diff/{other}', {
          params: { path: { id: String(id), version: from, other: to } },
          signal,
        }),
      ),
  });

/** Makes an earlier version the current one again. */
export const restore = (id: number, number: number) =>
  told(
    client.POST('/api/segments/{id}/versions/{version}/restore', {
      params: { path: { id: String(id), version: number } },
      body: {},
    }),
  );

export const history = (id: number) =>
  queryOptions({
    queryKey: ['history', id],
    queryFn: ({ signal }) => told(client.GET('/api/segments/{id}/history', { params: { ...at(id), query: { resolution: 'day' } }, signal })),
  });

export const forecast = (id: number) =>
  queryOptions({
    queryKey: ['forecast', id],
    queryFn: ({ signal }) => told(client.GET('/api/segments/{id}/forecast', { params: at(id), signal })),
    retry: false,
  });

export const members = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['members', id],
    queryFn: ({ signal, pageParam }) =>
      told(
        client.GET('/api/segments/{id}/members', {
          params: { ...at(id), query: { limit: String(PAGE), ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Puts people into a list, and takes others out. */
export const changeMembers = (id: number, add: string[], remove: string[]) =>
  told(client.POST('/api/segments/{id}/members', { params: at(id), body: { add, remove } as never }));
