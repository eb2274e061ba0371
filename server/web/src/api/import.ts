// Bringing people and what they did in, from files.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import type { Person } from './people';
import { upload } from './transfer';

export interface Progress {
  sent: number;
  total: number;
}

interface Wish {
  body: Blob;
  type: string;
  /** The column that says whose a row is; what is usual when left out. */
  idField: string | undefined;
  /** Only tried: the report says what would change, and nothing does. */
  isDry: boolean;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

const common = ({ idField, isDry }: Wish) => ({ ...(idField ? { id_field: idField } : {}), ...(isDry ? { dry_run: 'true' } : {}) });

function send<T>(path: string, query: Record<string, string>, { body, type, signal, onProgress }: Wish): Promise<T> {
  const onSent = (sent: number) => onProgress({ sent, total: body.size });
  return upload({ path: `${path}?${new URLSearchParams(query).toString()}`, body, type, signal, onSent });
}

/** Brings people in; columns that are no fields yet become some. */
export const importPeople = (wish: Wish & { mode: 'replace' | 'merge' }) =>
  send<Schemas['ImportReport']>('/api/profiles/import', { schema: 'infer', mode: wish.mode, ...common(wish) }, wish);

/** Brings in what people did; all of it, or nothing. */
export const importEvents = (wish: Wish) => send<Schemas['EventReport']>('/api/events/import', common(wish), wish);

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
