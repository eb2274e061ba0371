// The house itself: keys, tenants, the audit, receivers of messages, and how the server is.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';

/** Entries of one page of the audit. */
const AUDIT_PAGE = 50;

export type Key = Schemas['KeyAnswer'];

export const keys = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/keys', { signal }))).items,
});

export const makeKey = (body: Schemas['KeyRequest']) => told(client.POST('/api/keys', { body }));

export const revokeKey = (prefix: string) => told(client.DELETE('/api/keys/{prefix}', { params: { path: { prefix } } }));

export const rotateKey = (prefix: string) =>
  told(client.POST('/api/keys/{prefix}/rotate', { params: { path: { prefix } }, body: {} }));

export const tenants = queryOptions({
  queryKey: ['tenants'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/tenants', { signal }))).items,
});

export const makeTenant = (body: Schemas['TenantRequest']) => told(client.POST('/api/tenants', { body }));

export const changeTenant = (id: string, body: Schemas['TenantRequest']) =>
  told(client.PATCH('/api/tenants/{id}', { params: { path: { id } }, body }));

export const deleteTenant = (id: string) => told(client.DELETE('/api/tenants/{id}', { params: { path: { id } } }));

/** Who changed what from an instant on, the newest first. */
export const audit = (since: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['audit', since],
    queryFn: async ({ signal, pageParam }) => {
      const query = { order: 'newest' as const, limit: String(AUDIT_PAGE), ...(since ? { since } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      // As a page, and not as lines, which are asked for with another header.
      return (await told(client.GET('/api/audit', { params: { query }, signal }))) as Schemas['AuditList'];
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const webhooks = queryOptions({
  queryKey: ['webhooks'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/webhooks', { signal }))).items,
});

export const makeWebhook = (body: Schemas['WebhookRequest']) => told(client.POST('/api/webhooks', { body }));

export const switchWebhook = (id: number, enabled: boolean) =>
  told(client.PATCH('/api/webhooks/{id}', { params: { path: { id: String(id) } }, body: { enabled } as never }));

export const deleteWebhook = (id: number) =>
  told(client.DELETE('/api/webhooks/{id}', { params: { path: { id: String(id) } } }));

/** Receipts of erasures. */
export const erasures = queryOptions({
  queryKey: ['erasures'],
  queryFn: ({ signal }) => told(client.GET('/api/erasures', { params: { query: { limit: '1000' } }, signal })),
});

export const makeCheckpoint = () => told(client.POST('/api/checkpoint', {}));
export const makeBackup = () => told(client.POST('/api/backup', {}));
