// People by their ids, for what is told of somebody beside an id: the name they have.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { client, told } from './client';
import type { Person } from './people';

/** People whom the server shows of one rule, at most. */
const CHUNK = 1_000;

/** Milliseconds for which what somebody is called is not asked for again. */
const NAMED_MS = 60_000;

/** Those of some ids that there are people of, by their ids. */
export const peopleOf = (ids: string[]) =>
  queryOptions({
    queryKey: ['people-of', ids],
    queryFn: async ({ signal }) => {
      const found = new Map<string, Person>();
      for (let at = 0; at < ids.length; at += CHUNK) {
        const criteria = { field: 'id', operator: 'in', value: ids.slice(at, at + CHUNK) };
        const { sample } = await told(client.POST('/api/segments/preview', { body: { criteria: criteria as never, sample: CHUNK }, signal }));
        for (const person of sample as unknown as Person[]) found.set(String(person.id), person);
      }
      return found;
    },
    enabled: ids.length > 0,
    staleTime: NAMED_MS,
    placeholderData: keepPreviousData,
  });
