// Who the server takes us for, and what that may.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';
import { Problem } from './problem';

/** What a request may need, as `GET /api/me` names it. */
export type Right = 'count' | 'read_people' | 'see_personal' | 'write' | 'administer' | 'oversee' | 'operate';

export type Me = Schemas['MeAnswer'];

/** Whoever asks; `null` where the server wants a key and has none that counts. */
export const me = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await told(client.GET('/api/me', { signal }));
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.status === 401) return null;
      throw thrown;
    }
  },
  staleTime: 60_000,
});

/** Whether somebody has a right. */
export const may = (who: Me | null | undefined, right: Right): boolean => who?.rights.includes(right) ?? false;
