// Signing in and out, by name and password or elsewhere. The server keeps whoever signed in by a cookie that no script reads.
import { queryOptions } from '@tanstack/react-query';

import { type Schemas, client, told } from './client';

/** Characters of an address that somebody comes back to; of a longer one the query is left out. */
const RETURN_CHARS_MAX = 1000;

/** How one can sign in here. */
export const signInOptions = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: ({ signal }) => told(client.GET('/api/session/options', { signal })),
  staleTime: Infinity,
});

/** What leads to the issuer, and back to the page that is shown. */
export function issuerPath(tenant: string): string {
  const { pathname, search } = location;
  const isWhole = pathname !== '/' && pathname.length + search.length <= RETURN_CHARS_MAX;
  const query = new URLSearchParams({ return_to: isWhole ? pathname + search : pathname });
  if (tenant !== '') query.set('tenant', tenant);
  return `/api/session/openid?${query.toString()}`;
}

/** Signs in; the tenant is the server's first one when left out. */
export const signIn = (body: Schemas['SignInRequest']) => told(client.POST('/api/session', { body }));

/** Signs out in this browser, or everywhere. */
export const signOut = (isEverywhere: boolean) =>
  told(client.DELETE('/api/session', { params: { query: isEverywhere ? { everywhere: 'true' } : {} } }));

/** Takes an invitation: the password is chosen, and one is signed in. */
export const acceptInvitation = (invitation: string, password: string) =>
  told(client.POST('/api/session/invitation', { body: { invitation, password } }));

/** Changes the own password; all other sessions end. */
export const changePassword = (old_password: string, password: string) =>
  told(client.PUT('/api/session/password', { body: { old_password, password } }));
