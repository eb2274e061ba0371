// What keeps people out of every audience, or of some: suppressions, consent and caps of channels, groups with priorities.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { LIVE_MS } from './live';

export type Suppression = Schemas['SuppressionAnswer'];
export type Channel = Schemas['ChannelAnswer'];
export type ExclusionGroup = Schemas['ExclusionGroupAnswer'];

/** Entries that are asked for at most. */
const MAX = '10000';

export const suppressions = queryOptions({
  queryKey: ['suppressions'],
  queryFn: async ({ signal }) =>
    (await told(client.GET('/api/suppressions', { params: { query: { limit: MAX } }, signal }))).items,
  refetchInterval: LIVE_MS,
});

export const addSuppression = (name: string, list: number | null, keepDays: number | null) =>
  told(client.POST('/api/suppressions', { body: { name, list, keep_days: keepDays } }));

export const channels = queryOptions({
  queryKey: ['channels'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/channels', { signal }))).items,
  staleTime: 15_000,
});

export const saveChannel = (name: string, consent: string, caps: Schemas['CapAnswer'][]) =>
  told(
    client.PUT('/api/channels/{name}', {
      params: { path: { name } },
      body: consent.trim() === '' ? { caps } : { consent_text: consent, caps },
    }),
  );

export const exclusionGroups = queryOptions({
  queryKey: ['exclusion-groups'],
  queryFn: async ({ signal }) =>
    (await told(client.GET('/api/exclusion-groups', { params: { query: { limit: MAX } }, signal }))).items,
  staleTime: 15_000,
});

export const createGroup = (name: string, audiences: number[]) =>
  told(client.POST('/api/exclusion-groups', { body: { name, audiences } }));

/** Saves a group anew; the first audience goes first. One without audiences is given up. */
export const saveGroup = (id: number, name: string, audiences: number[]) =>
  audiences.length === 0
    ? told(client.DELETE('/api/exclusion-groups/{id}', { params: { path: { id } } }))
    : told(client.PUT('/api/exclusion-groups/{id}', { params: { path: { id } }, body: { name, audiences } }));
