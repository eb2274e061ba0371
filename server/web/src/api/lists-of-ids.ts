// Lists of ids that were imported, as far as settings name them.
import { queryOptions } from '@tanstack/react-query';

import { client, told } from './client';

export const lists = queryOptions({
  queryKey: ['lists', 'names'],
  queryFn: async ({ signal }) => (await told(client.GET('/api/lists', { params: { query: { limit: '1000' } }, signal }))).items,
});
