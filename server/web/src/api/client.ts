// The one door to the server: typed paths and bodies, the key, and refusals as `Problem`.
import createClient, { type Middleware } from 'openapi-fetch';

import { keepingNumbers, writtenExactly } from './exact';
import { key, refuse } from './key';
import { problemFrom, problemOf } from './problem';
import type { components, paths } from './schema.gen';

/** What the server answers, by the names of `/api/openapi.json`. */
export type Schemas = components['schemas'];

const signed: Middleware = {
  onRequest({ request }) {
    const current = key();
    if (current !== null) request.headers.set('authorization', `Bearer ${current}`);
    return request;
  },
  onResponse({ response, schemaPath }) {
    // Being nobody is an answer to who one is, and a wrong password is no end of a session.
    if (response.status === 401 && !schemaPath.startsWith('/api/session')) refuse();
  },
};

/** Rules keep their numbers digit for digit on the way in; `bodySerializer` sends them so. */
const exact: Middleware = {
  async onResponse({ response }) {
    if (!response.ok || response.status === 204 || !response.headers.get('content-type')?.includes('json')) return undefined;
    const { status, statusText, headers } = response;
    return new Response(keepingNumbers(await response.text()), { status, statusText, headers });
  },
};

/** Typed requests; wrap each in `told`. */
export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  // Looked up at every request, so that tests can put another in its place.
  fetch: (request) => globalThis.fetch(request),
  bodySerializer: writtenExactly,
});
client.use(signed, exact);

/** What a request answers with, or a `Problem` thrown. */
export async function told<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await asked.catch((thrown: unknown) => {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw problemFrom(thrown);
  });
  if (!response.ok) throw problemOf(response.status, error);
  return data as T;
}
