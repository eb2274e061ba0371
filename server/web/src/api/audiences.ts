// Audiences: saved ones, and what one that is being put together would come to.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { LIVE_MS } from './live';

export type Audience = Schemas['AudienceAnswer'];
export type AudiencePreview = Schemas['AudiencePreviewAnswer'];
export type Breakdown = Schemas['BreakdownAnswer'];
export type WaterfallStep = Schemas['WaterfallStep'];

/** What is sent to save or to evaluate an audience. Ids are words here; the description of the interface leaves them open. */
export interface AudienceBody {
  name?: string;
  description?: string;
  tags?: string[];
  owner?: string;
  status?: string;
  campaign_id?: number | null;
  include_match?: 'any' | 'all';
  include_segments?: number[];
  include_customers?: string[];
  include_lists?: number[];
  exclude_segments?: number[];
  exclude_customers?: string[];
  exclude_lists?: number[];
  channel?: string | null;
  holdout?: Schemas['ShareAnswer'] | null;
  split?: Schemas['RangeAnswer'] | null;
  ignore_suppressions?: number[];
  ignore_reason?: string;
}

/** Audiences of one page of the list. */
const PAGE = 50;
/** People of one page of those taken out. */
const EXCLUDED_PAGE = 50;

const asRequest = (body: object) => body as Schemas['AudienceRequest'];
const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` });

export interface AudienceFilter {
  q?: string;
  status?: string;
  tag?: string;
  sort: string;
}

/** The audiences that fit, page by page, with their sizes. */
export const audienceList = (filter: AudienceFilter) =>
  infiniteQueryOptions({
    queryKey: ['audiences', filter],
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: String(PAGE), ...(pageParam ? { cursor: pageParam } : {}), ...filter };
      return told(client.GET('/api/audiences', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: LIVE_MS,
  });

/** One audience as it is saved. */
export const audience = (id: number) =>
  queryOptions({
    queryKey: ['audience', id],
    queryFn: ({ signal }) => told(client.GET('/api/audiences/{id}', { params: { path: { id } }, signal })),
    // Another audience's data are no stand-in for this one's.
    placeholderData: undefined,
    refetchInterval: LIVE_MS,
  });

/** What a definition comes to; superseded requests are aborted. */
export const audiencePreview = (body: AudienceBody, sample: number) =>
  queryOptions({
    queryKey: ['audience-preview', body, sample],
    queryFn: ({ signal }) =>
      told(client.POST('/api/audiences/preview', { body: asRequest({ ...body, sample }), signal })),
    refetchInterval: LIVE_MS,
    // Definitions of a moment ago are of no use to anybody.
    gcTime: 30_000,
  });

export const createAudience = (body: AudienceBody): Promise<Audience> =>
  told(client.POST('/api/audiences', { body: asRequest(body) }));

/** Saves anew what is at `version`; refused with 412 when somebody else has saved since. */
export const saveAudience = (id: number, version: number, body: AudienceBody, isEveryone: boolean): Promise<Audience> =>
  told(
    client.PUT('/api/audiences/{id}', {
      params: { path: { id }, header: ifMatch(version) },
      body: asRequest(isEveryone ? { ...body, confirm_everyone: true } : body),
    }),
  );

/** Changes the status alone. */
export const setAudienceStatus = (id: number, version: number, status: string): Promise<Audience> =>
  told(
    client.PATCH('/api/audiences/{id}', { params: { path: { id }, header: ifMatch(version) }, body: asRequest({ status }) }),
  );

export const deleteAudience = (id: number, version: number) =>
  told(client.DELETE('/api/audiences/{id}', { params: { path: { id }, header: ifMatch(version) } }));

/** Who was taken out, each with the first reason, page by page. */
export const excludedPeople = (id: number, reason: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['excluded', id, reason],
    queryFn: async ({ signal, pageParam }) => {
      const query = { limit: String(EXCLUDED_PAGE), ...(pageParam ? { cursor: pageParam } : {}), ...(reason ? { reason } : {}) };
      const answer = await told(client.GET('/api/audiences/{id}/excluded', { params: { path: { id }, query }, signal }));
      // Without `format=csv` it is never text.
      return answer as Schemas['ExcludedPeople'];
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Where those taken out are to be had as CSV. */
export const excludedAddress = (id: number, reason: string | undefined): string =>
  `/api/audiences/${id}/excluded?format=csv${reason ? `&reason=${encodeURIComponent(reason)}` : ''}`;

export const audienceVersions = (id: number) =>
  queryOptions({
    queryKey: ['audience-versions', id],
    queryFn: ({ signal }) => told(client.GET('/api/audiences/{id}/versions', { params: { path: { id } }, signal })),
  });

export interface AttributeChange {
  attribute: string;
  from: unknown;
  to: unknown;
}

export interface KeyChange {
  key: string;
  /** Entries that came and went, at most a hundred each; none where one may not see them. */
  added?: unknown[] | null;
  added_total?: number;
  removed?: unknown[] | null;
  removed_total?: number;
  from?: unknown;
  to?: unknown;
}

/** What tells one version from another, and who comes and goes. */
export const versionDifference = (id: number, version: number, other: number) =>
  queryOptions({
    queryKey: ['audience-version-diff', id, version, other],
    queryFn: async ({ signal }) => {
      const params = { path: { id, version, other } };
      const answer = await told(client.GET('/api/audiences/{id}/versions/{version}/diff/{other}', { params, signal }));
      return {
        attributes: answer.attributes as unknown as AttributeChange[],
        differences: (answer.definition as unknown as { differences?: KeyChange[] }).differences ?? [],
        sizes: answer.sizes ?? null,
      };
    },
    placeholderData: undefined,
  });

export const restoreVersion = (id: number, current: number, version: number): Promise<Audience> =>
  told(
    client.POST('/api/audiences/{id}/versions/{version}/restore', {
      params: { path: { id, version }, header: ifMatch(current) },
      body: {},
    }),
  );
