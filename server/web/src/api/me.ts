// Who the server takes us for, and what that may.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { Problem } from './problem';

/** What a request may need, as `GET /api/session` names it. */
export type Right = 'count' | 'read_people' | 'see_personal' | 'write' | 'administer' | 'oversee' | 'operate';

export type Me = Schemas['SessionAnswer'];

/** Whoever asks; `null` where the server wants to know and does not. */
export const me = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await told(client.GET('/api/session', { signal }));
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.status === 401) return null;
      throw thrown;
    }
  },
  staleTime: 60_000,
});

/** Whether somebody has a right. */
export const may = (who: Me | null | undefined, right: Right): boolean => who?.rights.includes(right) ?? false;
