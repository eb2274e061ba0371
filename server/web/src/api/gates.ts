// What keeps people out of audiences: consent, caps, suppressions, the control group, audiences that shut each other out.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { LIVE_MS } from './live';

export type Suppression = Schemas['SuppressionAnswer'];
export type Channel = Schemas['ChannelAnswer'];
export type Consent = Schemas['ConsentAnswer'];
export type ExclusionGroup = Schemas['ExclusionGroupAnswer'];

/** Entries that one page of the server's lists may hold. */
const ALL = '1000';

export const channels = queryOptions({
  queryKey: ['channels'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/channels', { signal }))).items,
});

export const saveChannel = (name: string, body: Schemas['ChannelRequest']) =>
  told(client.PUT('/api/channels/{name}', { params: { path: { name } }, body }));

export const suppressions = queryOptions({
  queryKey: ['suppressions'],
  queryFn: async ({ signal }) =>
    (await told(client.GET('/api/suppressions', { params: { query: { limit: ALL } }, signal }))).items,
  refetchInterval: LIVE_MS,
});

export const addSuppression = (body: Schemas['SuppressionRequest']) =>
  told(client.POST('/api/suppressions', { body }));

export const endSuppression = (id: number) =>
  told(client.DELETE('/api/suppressions/{id}', { params: { path: { id } } }));

export const suppress = (id: number, ids: string[]) =>
  told(client.POST('/api/suppressions/{id}/members', { params: { path: { id } }, body: { ids: ids as never[] } }));

/** What somebody said about being contacted, by channel and purpose, with all of it. */
export const consentsOf = (id: string) =>
  queryOptions({
    queryKey: ['person', id, 'consents'],
    queryFn: async ({ signal }) =>
      (await told(client.GET('/api/profiles/{id}/consents', { params: { path: { id } }, signal }))).items,
  });

export const say = (id: string, body: Schemas['ConsentRequest']) =>
  told(client.PUT('/api/profiles/{id}/consents', { params: { path: { id } }, body }));

/** Notes that people were contacted now. */
export const contacted = (channel: string, ids: string[]) =>
  told(client.POST('/api/contacts', { body: { channel, ids: ids as never[] } }));

export const controlGroup = queryOptions({
  queryKey: ['control-group'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/control-group', { signal }))).control_group ?? null,
});

export const saveControlGroup = (group: Schemas['ShareAnswer'] | null) =>
  told(client.PUT('/api/control-group', { body: { control_group: group } }));

export const exclusionGroups = queryOptions({
  queryKey: ['exclusion-groups'],
  queryFn: async ({ signal }) =>
    (await told(client.GET('/api/exclusion-groups', { params: { query: { limit: ALL } }, signal }))).items,
});

export const saveExclusionGroup = (id: number | null, body: Schemas['ExclusionGroupRequest']) =>
  id === null
    ? told(client.POST('/api/exclusion-groups', { body }))
    : told(client.PUT('/api/exclusion-groups/{id}', { params: { path: { id } }, body }));

export const endExclusionGroup = (id: number) =>
  told(client.DELETE('/api/exclusion-groups/{id}', { params: { path: { id } } }));
