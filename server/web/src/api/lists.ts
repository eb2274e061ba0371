// Lists of ids: uploaded as CSV, with an account of every row.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { key } from './key';
import { Problem, problemOf } from './problem';
import { problem as problemTexts } from '../texts/en/problem';

export type List = Schemas['ListAnswer'];

/** Lists that are asked for at most. */
const LISTS_MAX = 10_000;

export const lists = queryOptions({
  queryKey: ['lists'],
  queryFn: async ({ signal }) =>
    (await told(client.GET('/api/lists', { params: { query: { limit: String(LISTS_MAX) } }, signal }))).items,
  staleTime: 15_000,
});

/** One list, with its report as of now. */
export const listById = (id: number): Promise<List> => told(client.GET('/api/lists/{id}', { params: { path: { id } } }));

export interface Upload {
  name: string;
  file: File;
  /** The column that holds the ids. */
  column: string;
  /** Told the share that has been sent, 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Uploads a CSV as a list. By XMLHttpRequest, which alone says how much has been sent. */
export function uploadList({ name, file, column, onProgress, signal }: Upload): Promise<List> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/lists?${new URLSearchParams({ name, id_field: column })}`);
    request.setRequestHeader('content-type', 'text/csv');
    const current = key();
    if (current !== null) request.setRequestHeader('authorization', `Bearer ${current}`);
    request.responseType = 'json';
    request.upload.onprogress = (event) => onProgress(event.total === 0 ? 1 : event.loaded / event.total);
    request.onload = () =>
      request.status < 300 ? resolve(request.response as List) : reject(problemOf(request.status, request.response));
    request.onerror = () => reject(new Problem(problemTexts.unreachable, 0));
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** Ids that one question is about: few enough to be answered at once. */
const CHUNK = 10_000;

/** How many of some ids are those of people. */
const knownOf = async (ids: string[], signal: AbortSignal) => {
  const criteria = { field: 'id', operator: 'in', value: ids };
  const body = { criteria: criteria as never, sample: 0 };
  return (await told(client.POST('/api/segments/preview', { body, signal }))).count;
};

/**
 * Which of some ids nobody has. The server counts; where it finds fewer than were asked for, the half is asked for, and so
 * on: few unknown among many take few questions.
 */
export async function unknownIds(
  ids: string[],
  signal: AbortSignal,
  count: (ids: string[], signal: AbortSignal) => Promise<number> = knownOf,
): Promise<string[]> {
  const distinct = [...new Set(ids)];
  const found: string[] = [];
  const look = async (some: string[]): Promise<void> => {
    if (some.length === 0) return;
    const known = await count(some, signal);
    if (known === some.length) return;
    if (known === 0) return void found.push(...some);
    const middle = some.length >> 1;
    await look(some.slice(0, middle));
    await look(some.slice(middle));
  };
  for (let at = 0; at < distinct.length; at += CHUNK) await look(distinct.slice(at, at + CHUNK));
  return found;
}
