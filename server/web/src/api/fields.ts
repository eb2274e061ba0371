// Which fields people have, how their values are spread, and what they did.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';

/** Bars of a histogram, at most. */
export const BINS = 24;
/** Frequent values that are shown. */
const TOP = 12;

export type Field = Schemas['FieldAnswer'] & { masked?: string[] };

/** Whether the values of a type have an order, and so a histogram. */
export const isOrdered = (type: string) => /^(int|float|time|date|decimal.*)$/.test(type);

/** How the values of a field are spread; percentiles are the ends of the middle, the median between them, and one more. */
export const distribution = (name: string, type: string, percentile: number) =>
  queryOptions({
    queryKey: ['distribution', name],
    queryFn: ({ signal }) => {
      const body = isOrdered(type) ? { bins: BINS, percentiles: [5, 50, 95, percentile], top: TOP } : { top: TOP };
      return told(client.POST('/api/fields/{name}/distribution', { params: { path: { name } }, body, signal }));
    },
    placeholderData: undefined,
  });

/** How many values of a field lie between each two of these. */
export const binsBetween = (name: string, bounds: number[]) =>
  queryOptions({
    queryKey: ['distribution', name, bounds],
    queryFn: ({ signal }) =>
      told(client.POST('/api/fields/{name}/distribution', { params: { path: { name } }, body: { bounds: bounds as never }, signal })),
    placeholderData: undefined,
  });

/** Types of events with how many there are of each, and their properties. */
export const eventSchema = queryOptions({
  queryKey: ['event-schema'],
  queryFn: async ({ signal }) => {
    const answer = await told(client.GET('/api/events/schema', { signal }));
    return {
      ...answer,
      types: answer.types as unknown as { name: string; retention_days: number | null; events: number }[],
      properties: answer.properties as unknown as { name: string; type: string }[],
    };
  },
});

/** Says for how many days events of a type are kept; `null` for ever. */
export const keepEvents = (name: string, days: number | null) =>
  told(client.PUT('/api/events/schema', { body: { types: [{ name, retention_days: days }] as never[] } }));

/** Adds fields to the schema. */
export const addFields = (fields: Schemas['NewField'][]) => told(client.PUT('/api/schema', { body: { fields } }));

/** Names of the fields that are personal. */
export const personalFields = queryOptions({
  queryKey: ['personal-fields'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/settings/personal-fields', { signal }))).fields,
});

export const savePersonalFields = (fields: string[]) =>
  told(client.PUT('/api/settings/personal-fields', { body: { fields } }));
