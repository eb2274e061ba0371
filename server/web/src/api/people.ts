// Single people: found, read, changed, erased, and why they are where they are.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';

/** A value of a field, as JSON has it. */
export type Value = string | number | boolean | (string | number)[] | null;

/** Somebody, with what of them the caller may not see under `masked`. */
export interface Person {
  id: string | number | null;
  fields: Record<string, Value>;
  masked?: string[];
}

export interface PersonInSegments extends Person {
  segments: { id: number; name: string }[];
  now: string;
}

export interface Event {
  type: string;
  time: string;
  amount?: number | null;
  properties: Record<string, Value>;
  masked?: string[];
}

/** People whom the server shows of a rule that is not saved, at most. */
export const SHOWN_MAX = 1_000;

/** People of one page of the list. */
const PAGE = 50;

/** Events of one page. */
const EVENTS_PAGE = 12;

/** Everybody, page by page. */
export const everybody = infiniteQueryOptions({
  queryKey: ['people', 'all'],
  queryFn: async ({ signal, pageParam }) => {
    const query = { limit: String(PAGE), ...(pageParam ? { cursor: pageParam } : {}) };
    const page = await told(client.GET('/api/profiles', { params: { query }, signal }));
    return { ...page, items: page.items as unknown as Person[] };
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

/** How many a rule selects, and the first of them. */
export const selected = (text: string, shown: number) =>
  queryOptions({
    queryKey: ['people', 'selected', text, shown],
    queryFn: async ({ signal }) => {
      const answer = await told(client.POST('/api/segments/preview', { body: { text, sample: shown }, signal }));
      return { ...answer, sample: answer.sample as unknown as Person[] };
    },
    placeholderData: keepPreviousData,
  });

/** One person, and the segments they are in. */
export const person = (id: string) =>
  queryOptions({
    queryKey: ['person', id],
    queryFn: async ({ signal }) =>
      (await told(client.GET('/api/profiles/{id}', { params: { path: { id } }, signal }))) as unknown as PersonInSegments,
    placeholderData: undefined,
  });

/** What somebody did, the newest first; of one type or of all. */
export const eventsOf = (id: string, type: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['person', id, 'events', type],
    queryFn: async ({ signal, pageParam }) => {
      const query = { limit: EVENTS_PAGE, ...(pageParam ? { cursor: pageParam } : {}), ...(type ? { type } : {}) };
      const page = await told(client.GET('/api/profiles/{id}/events', { params: { path: { id }, query }, signal }));
      return { ...page, items: page.items as unknown as Event[] };
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Why somebody is in a segment, or is not. */
export const whyInSegment = (segment: number, profile: string) =>
  queryOptions({
    queryKey: ['person', profile, 'segment', segment],
    queryFn: ({ signal }) => {
      const path = { id: String(segment), profile };
      return told(client.GET('/api/segments/{id}/explain/{profile}', { params: { path }, signal }));
    },
    placeholderData: undefined,
  });

/** Whether a rule selects somebody, and why. */
export const whyInRule = (text: string, profile: string) =>
  queryOptions({
    queryKey: ['person', profile, 'rule', text],
    queryFn: ({ signal }) =>
      told(client.POST('/api/segments/explain', { body: { text, profile: profile as never }, signal })),
    placeholderData: undefined,
  });

/** Which source let somebody into an audience, and which gate took them out. */
export const whyInAudience = (audience: number, profile: string) =>
  queryOptions({
    queryKey: ['person', profile, 'audience', audience],
    queryFn: ({ signal }) => {
      const path = { id: audience, profile };
      return told(client.GET('/api/audiences/{id}/explain/{profile}', { params: { path }, signal }));
    },
    placeholderData: undefined,
  });

/** Changes fields of somebody; `null` takes a value away. */
export const change = (id: string, fields: Record<string, Value>) =>
  told(client.PATCH('/api/profiles/{id}', { params: { path: { id } }, body: { fields: fields as never } }));

/** Erases somebody. The receipt says what was cleared. */
export const erase = (id: string): Promise<Schemas['ErasureReceipt']> =>
  told(client.DELETE('/api/profiles/{id}', { params: { path: { id } } }));
