// Signing in and out by name and password. The server keeps whoever signed in by a cookie that no script reads.
import { type Schemas, client, told } from './client';

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
