// Bringing people and what they did in, from files.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import type { Person } from './people';
import { upload } from './transfer';

/** Bytes of events in one request; the server takes 16 MiB. */
const EVENTS_BYTES = 8 << 20;

export interface Progress {
  sent: number;
  total: number;
}

interface ImportWish {
  body: Blob;
  type: string;
  idField: string | undefined;
  mode: 'replace' | 'merge';
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/** Brings people in; columns that are no fields yet become some. */
export function importPeople({ body, type, idField, mode, signal, onProgress }: ImportWish): Promise<Schemas['ImportReport']> {
  const query = new URLSearchParams({ schema: 'infer', mode, ...(idField ? { id_field: idField } : {}) });
  const onSent = (sent: number) => onProgress({ sent, total: body.size });
  return upload({ path: `/api/profiles/import?${query.toString()}`, body, type, signal, onSent });
}

/** Those of some ids that there are people of. */
export const known = (id: string, ids: string[]) =>
  queryOptions({
    queryKey: ['known', ids],
    queryFn: async ({ signal }) => {
      const criteria = { match: 'all', rules: [{ field: id, operator: 'in', value: ids }] };
      const body = { criteria: criteria as never, sample: ids.length };
      return (await told(client.POST('/api/segments/preview', { body, signal }))).sample as unknown as Person[];
    },
    enabled: ids.length > 0,
    staleTime: 0,
  });

type EventReport = Schemas['EventReport'];

/** Brings events in, as many lines at a time as a request may hold; rows are counted through. */
export async function importEvents(
  file: Blob,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<EventReport> {
  const sum: EventReport = { rows: 0, accepted: 0, duplicates: 0, rejected: [], rejected_total: 0, profiles_created: 0, data_version: 0 };
  for (let from = 0; from < file.size; ) {
    const piece = await lines(file, from);
    const onSent = (sent: number) => onProgress({ sent: from + sent, total: file.size });
    const type = 'application/x-ndjson';
    const part = await upload<EventReport>({ path: '/api/events', body: piece, type, signal, onSent });
    sum.rejected.push(...part.rejected.map((one) => ({ ...one, row: one.row + sum.rows })));
    for (const key of ['rows', 'accepted', 'duplicates', 'rejected_total', 'profiles_created'] as const) sum[key] += part[key];
    sum.data_version = part.data_version;
    from += piece.size;
  }
  return sum;
}

/** Whole lines from a place on. */
async function lines(file: Blob, from: number): Promise<Blob> {
  const most = file.slice(from, from + EVENTS_BYTES);
  if (from + most.size === file.size) return most;
  const end = new Uint8Array(await most.arrayBuffer()).lastIndexOf(10) + 1;
  return end > 0 ? most.slice(0, end) : most;
}
