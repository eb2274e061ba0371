// A local issuer of OpenID Connect that asks nobody for anything: whoever comes is whom the test says.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the issuer calls the server that relies on it. */
export const CLIENT = 'muster';

export interface Issuer {
  url: string;
  /** What it says of whoever comes. */
  claims: Record<string, unknown>;
  stop: () => void;
}

const encoded = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url');

/** A port of this machine that nobody listens on; somebody might take it before it is used, but nobody does here. */
export async function freePort(): Promise<number> {
  const server = await listening(createServer());
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

const listening = (server: Server) => new Promise<Server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return new URLSearchParams(text);
}

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const codes = new Map<string, URLSearchParams>();
  const issuer: Issuer = { url: '', claims: {}, stop: () => undefined };

  const token = (nonce: string | null) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer.url, aud: CLIENT, iat: now, exp: now + 300, nonce, ...issuer.claims };
    const message = `${encoded(JSON.stringify({ alg: 'ES256', kid: 'a' }))}.${encoded(JSON.stringify(claims))}`;
    return `${message}.${encoded(sign('sha256', Buffer.from(message), { key: privateKey, dsaEncoding: 'ieee-p1363' }))}`;
  };

  const answers: Record<string, (asked: URLSearchParams) => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer: issuer.url,
      authorization_endpoint: `${issuer.url}/authorize`,
      token_endpoint: `${issuer.url}/token`,
      jwks_uri: `${issuer.url}/keys`,
    }),
    '/keys': () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a' }] }),
    '/token': (asked) => {
      const wish = codes.get(asked.get('code') ?? '');
      const proof = createHash('sha256').update(asked.get('code_verifier') ?? '').digest('base64url');
      if (wish?.get('code_challenge') !== proof) return { error: 'invalid_grant' };
      return { id_token: token(wish.get('nonce')), access_token: 'none', token_type: 'Bearer' };
    },
  };

  const server = await listening(
    createServer((request, response) => {
      void (async () => {
        const { pathname, searchParams } = new URL(request.url ?? '/', issuer.url);
        if (pathname === '/authorize') {
          const code = randomBytes(16).toString('hex');
          codes.set(code, searchParams);
          const back = new URLSearchParams({ code, state: searchParams.get('state') ?? '' });
          response.writeHead(302, { location: `${searchParams.get('redirect_uri')}?${back.toString()}` }).end();
          return;
        }
        const answer = answers[pathname]?.(await bodyOf(request)) ?? { error: 'not found' };
        const status = 'error' in (answer as object) ? 400 : 200;
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      })();
    }),
  );
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return issuer;
}
