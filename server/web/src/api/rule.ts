// What is asked about a rule while it is written: how many it selects, what it says in vain, and what there is to choose.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { LIVE_MS } from './live';
import { problemFrom } from './problem';

/** A rule tree as JSON; the description of the interface says no more of it than that it is an object. */
export type Criteria = { [key: string]: unknown };

const asked = (criteria: Criteria | null) => criteria as never;

/** Members shown beside a rule. */
const SAMPLE = 10;

/** Most frequent values of a field that are offered; the most that the server tells. */
const VALUES_MAX = 1_000;

/** Milliseconds for which values on offer are not asked for again. */
const OFFERED_MS = 60_000;

/** How many a rule selects, at every node of it, and the rule as text. */
export const preview = (criteria: Criteria | null) =>
  queryOptions({
    queryKey: ['preview', criteria],
    queryFn: async ({ signal }) => {
      const body = { criteria: asked(criteria), sample: SAMPLE, explain: true, written: true };
      const answer = await told(client.POST('/api/segments/preview', { body, signal }));
      // What was asked stays with the answer: while the next one is counted, this one is still shown.
      return { ...answer, asked: JSON.stringify(criteria) };
    },
    enabled: criteria !== null,
    refetchInterval: LIVE_MS,
    // What cannot be counted stays uncounted; what cannot be reached is asked for until it can.
    retry: (_, thrown) => problemFrom(thrown).mayPass,
    retryDelay: 1_000,
    gcTime: OFFERED_MS,
  });

/** What a rule says in vain, with rules that say the same in fewer words. */
export const lint = (criteria: Criteria | null, segment: number | null) =>
  queryOptions({
    queryKey: ['lint', criteria, segment],
    queryFn: ({ signal }) =>
      told(
        client.POST('/api/segments/lint', {
          body: { criteria: asked(criteria), ...(segment === null ? {} : { segment: segment as never }) },
          signal,
        }),
      ),
    enabled: criteria !== null,
    retry: false,
    gcTime: OFFERED_MS,
  });

/** What a text means as a rule. */
export const readText = (text: string, signal: AbortSignal) =>
  told(client.POST('/api/segments/preview', { body: { text, sample: 0, written: true }, signal }));

/** The rule that a text of an address means. */
export const ruleOf = (text: string) =>
  queryOptions({
    queryKey: ['rule-of', text],
    queryFn: async ({ signal }) => (await readText(text, signal)).criteria ?? null,
    staleTime: Infinity,
    placeholderData: undefined,
  });

/** What everyday words mean as a rule, and which of them mean nothing here. */
export const readPrompt = (prompt: string) => told(client.POST('/api/segments/from-text', { body: { prompt } }));

export interface EventSchema {
  types: { name: string; retention_days: number | null; events: number }[];
  properties: { name: string; type: string }[];
}

/** What people do, and what is known of it. */
export const eventSchema = queryOptions({
  queryKey: ['events', 'schema'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/events/schema', { signal }))) as unknown as EventSchema,
  staleTime: OFFERED_MS,
});

/** How a field's values are spread among all people, or among those that a rule selects. */
export const distribution = (field: string, within: Criteria | null, what: { bins?: number; bounds?: unknown[]; top?: boolean; percentiles?: number[] }) =>
  queryOptions({
    queryKey: ['distribution', field, within, what],
    queryFn: ({ signal }) =>
      told(
        client.POST('/api/fields/{name}/distribution', {
          params: { path: { name: field } },
          body: {
            ...(within === null ? {} : { criteria: asked(within) }),
            ...(what.bins === undefined ? {} : { bins: what.bins }),
            ...(what.bounds === undefined ? {} : { bounds: what.bounds as never }),
            ...(what.percentiles === undefined ? {} : { percentiles: what.percentiles }),
            ...(what.top ? { top: VALUES_MAX } : {}),
          },
          signal,
        }),
      ),
    staleTime: within === null ? OFFERED_MS : 0,
    retry: false,
    placeholderData: keepPreviousData,
  });

export type Field = Schemas['FieldAnswer'];
export type NodeCounts = Schemas['NodeAnswer'];
export type Finding = Schemas['FindingAnswer'];
