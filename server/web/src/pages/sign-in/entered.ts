// What happens when somebody has come in: what was told to somebody else here is nobody's business any more.
import type { QueryClient } from '@tanstack/react-query';

import { type Me, me } from '../../api/me';

/** Has the page belong to somebody, or to nobody with `null`. */
export function entered(queries: QueryClient, who: Me | null): void {
  queries.setQueryData(me.queryKey, who);
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== me.queryKey[0] });
}
