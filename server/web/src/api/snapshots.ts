// Snapshots: an audience frozen at an instant, and what becomes of it.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';

export type Snapshot = Schemas['SnapshotSummary'];
export type ExportFormat = 'csv' | 'ndjson' | 'parquet';

/** Freezes an audience as it is saved. */
export const takeSnapshot = (audience: number, isEveryone: boolean) =>
  told(
    client.POST('/api/audiences/{id}/snapshots', {
      params: { path: { id: audience } },
      body: isEveryone ? { confirm_everyone: true } : {},
    }),
  );

/** Who came and who went between two snapshots. */
export const snapshotDifference = (earlier: number, later: number) =>
  queryOptions({
    queryKey: ['snapshot-diff', earlier, later],
    queryFn: ({ signal }) =>
      told(client.GET('/api/snapshots/{id}/diff/{other}', { params: { path: { id: earlier, other: later } }, signal })),
    placeholderData: undefined,
  });

/** Whether the frozen members still are those whose digest was taken. */
export const verifySnapshot = (id: number) =>
  told(client.POST('/api/snapshots/{id}/verify', { params: { path: { id } } }));

/** Where the members are to be had as a file; all fields when none are named. */
export function exportAddress(id: number, format: ExportFormat, fields: string[] | null, keepsFormulas: boolean): string {
  const query = new URLSearchParams({ format });
  if (fields) query.set('fields', fields.join(','));
  if (format === 'csv' && keepsFormulas) query.set('formulas', 'keep');
  return `/api/snapshots/${id}/export?${query}`;
}
